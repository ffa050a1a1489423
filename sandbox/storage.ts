import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** An image as it is served: its bytes and type. */
export interface Painting {
  bytes: Buffer;
  mime: string;
}

/** What a download is answered with where it gets no image. */
export type StorageRefusal = 'AccessDenied' | 'SignatureDoesNotMatch' | 'RequestExpired' | 'NoSuchKey';

/** Seconds for which an address works. */
const lifetime = 3600;

/** Bytes of images that are kept; the oldest go first. */
const capacity = 64_000_000;

/** Images behind signed addresses that expire, as a storage host in S3's manner keeps them. */
export class Storage {
  readonly #secret = randomBytes(32);
  readonly #kept = new Map<string, Painting & { expires: number }>();
  #size = 0;

  constructor(private readonly now: () => number) {}

  /** Keeps an image; gives the path and query it can be fetched at. */
  keep({ bytes, mime }: Painting): string {
    const name = `/images/${randomBytes(12).toString('hex')}.${mime.replace('image/', '')}`;
    const start = Math.floor(this.now() / 1000) * 1000;
    this.#makeRoom(bytes.length);
    this.#kept.set(name, { bytes, mime, expires: start + lifetime * 1000 });
    this.#size += bytes.length;
    const date = new Date(start).toISOString().replace(/[-:]|\.\d+/g, '');
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${date}&X-Amz-Expires=${lifetime}`;
    return `${name}?${query}&X-Amz-Signature=${this.#sign(name, query)}`;
  }

  /** The image at an address, or why there is none. A request with a key is refused, as real storage hosts do. */
  fetch(url: URL, authorization: string | undefined): Painting | StorageRefusal {
    if (authorization !== undefined) return 'AccessDenied';
    const [query = '', signature = ''] = url.search.slice(1).split('&X-Amz-Signature=');
    const [given, right] = [Buffer.from(signature), Buffer.from(this.#sign(url.pathname, query))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return 'SignatureDoesNotMatch';
    const date = url.searchParams
      .get('X-Amz-Date')
      ?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
    if (this.now() >= Date.parse(date ?? '') + Number(url.searchParams.get('X-Amz-Expires')) * 1000)
      return 'RequestExpired';
    return this.#kept.get(url.pathname) ?? 'NoSuchKey';
  }

  #sign(name: string, query: string): string {
    return createHmac('sha256', this.#secret).update(`${name}?${query}`).digest('hex');
  }

  #makeRoom(bytes: number): void {
    for (const [name, image] of this.#kept) {
      if (image.expires > this.now() && this.#size + bytes <= capacity) return;
      this.#kept.delete(name);
      this.#size -= image.bytes.length;
    }
  }
}
