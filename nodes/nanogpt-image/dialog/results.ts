import type { TriedImage } from '../../shared/route-answers.js';
import { formatBytes } from '../../shared/editor/format.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { DraftFigure } from './draft-figure.js';
import { fetchImageUrl } from './fetch-image-url.js';

/** The most images that are shown; the oldest are removed. */
const MAX_SHOWN = 12;

/** A shown image, with its blob URL. */
interface Shown {
  url: string | undefined;
  figure: JQuery;
}

/**
 * The images that were made while the dialog is open, newest first.
 * The browser keeps their bytes until the dialog closes.
 */
export class Results {
  readonly element = $('<div class="nanogpt-images">');
  readonly #node: EditedNode;
  readonly #draft: DraftFigure;
  #shown: Shown[] = [];
  #isClosed = false;

  constructor(node: EditedNode) {
    this.#node = node;
    this.#draft = new DraftFigure(node);
    this.element.append(this.#draft.element);
  }

  /** Shows a partial image until what it becomes is there. */
  showDraft(id: string): void {
    if (!this.#isClosed) void this.#draft.show(id);
  }

  removeDraft(): void {
    this.#draft.remove();
  }

  /** Shows more images in order; resolves when they are shown. */
  async show(images: TriedImage[]): Promise<void> {
    const urls = await Promise.all(images.map(({ id }) => fetchImageUrl(id)));
    if (this.#isClosed) return urls.forEach(release);
    this.removeDraft();
    const added = images.map((image, index) =>
      this.#figure(image, { url: urls[index], number: index + 1, all: images.length }),
    );
    this.element.prepend(added.map(({ figure }) => figure));
    this.#shown.unshift(...added);
    for (const oldest of this.#shown.splice(MAX_SHOWN)) drop(oldest);
  }

  /** Brings the newest image into sight. */
  reveal(): void {
    this.element.find('figure')[0]?.scrollIntoView({ block: 'nearest' });
  }

  /** Releases everything, and shows nothing more. */
  close(): void {
    this.#isClosed = true;
    this.removeDraft();
    for (const each of this.#shown.splice(0)) drop(each);
  }

  #figure(image: TriedImage, { url, number, all }: { url: string | undefined; number: number; all: number }): Shown {
    const caption = $('<figcaption>').text(this.#caption(image));
    if (url === undefined) {
      const gone = $('<div>').text(this.#node._('try.imageGone'));
      return { url: undefined, figure: $('<figure>').append(gone, caption) };
    }
    const img = $('<img>').attr({
      src: url,
      alt: this.#node._('try.image', { number, all }),
      width: image.width,
      height: image.height,
    });
    const save = $('<a>').attr({ href: url, download: image.filename }).text(this.#node._('try.save'));
    return { url, figure: $('<figure>').append(img, caption.append(' ', save)) };
  }

  #caption({ width, height, mime, bytes }: TriedImage): string {
    const format = mime.replace('image/', '').toUpperCase();
    return this.#node._('try.caption', { width, height, format, size: formatBytes(bytes) });
  }
}

function drop({ url, figure }: Shown): void {
  figure.remove();
  release(url);
}

function release(url: string | undefined): void {
  if (url !== undefined) URL.revokeObjectURL(url);
}
