import { ImageError } from '../../errors.js';
import { limits } from '../../limits.js';

/** So many downloads of one answer may fail before the others are not begun: each can take minutes. */
const maxFailed = 16;

/** What the images of one answer may still take, counting those under way as the largest that an image may be. */
export class DownloadBudget {
  #bytes = limits.images;
  #failures = maxFailed;
  readonly #underWay = new Set<Promise<unknown>>();

  /** Counts an image that is there. */
  count({ length }: Uint8Array): void {
    this.#bytes -= length;
  }

  /**
   * Fetches an image once there is room for it.
   *
   * @throws ImageError `download_failed` where there is none; what `fetch` throws.
   */
  async fetch(fetch: () => Promise<Buffer>): Promise<Buffer> {
    while (this.#underWay.size > 0 && this.#bytes < (this.#underWay.size + 1) * limits.image)
      await Promise.race(this.#underWay);
    if (this.#bytes <= 0) throw notBegun(`the images of one answer are over ${limits.images / 1e6} MB`);
    if (this.#failures <= 0) throw notBegun('too many others of the same answer could not be downloaded');
    const download = fetch();
    const end = download.then(
      (bytes) => this.count(bytes),
      () => void (this.#failures -= 1),
    );
    this.#underWay.add(end);
    await end;
    this.#underWay.delete(end);
    return download;
  }
}

function notBegun(reason: string): ImageError {
  return new ImageError('download_failed', 'download_refused', { reason });
}
