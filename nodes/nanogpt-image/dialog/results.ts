import type { EditedNode, EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/** An image that was made in the dialog; its bytes wait at Node-RED for some minutes. */
export interface ResultImage {
  id: string;
  mime: string;
  width: number;
  height: number;
  bytes: number;
}

/** The images that were made last. The browser holds their bytes until others take their place or the dialog closes. */
export class Results {
  readonly element = $('<div class="nanogpt-images">');
  readonly #node: EditedNode;
  #urls: string[] = [];
  #turn = 0;

  constructor(node: EditedNode) {
    this.#node = node;
  }

  /** Shows others, in their order; resolves when they are there to see. */
  async show(images: ResultImage[]): Promise<void> {
    this.clear();
    const turn = this.#turn;
    const blobs = await Promise.all(images.map(({ id }) => fetchBlob(id)));
    if (turn !== this.#turn) return;
    this.element.append(
      images.map((image, index) => this.#figure(image, { blob: blobs[index], number: index + 1, all: images.length })),
    );
  }

  clear(): void {
    this.#turn += 1;
    this.element.empty();
    for (const url of this.#urls.splice(0)) URL.revokeObjectURL(url);
  }

  #figure(image: ResultImage, { blob, number, all }: { blob: Blob | undefined; number: number; all: number }): JQuery {
    const caption = $('<figcaption>').text(this.#caption(image));
    if (!blob) return $('<figure>').append($('<div>').text(this.#node._('try.imageGone')), caption);
    const url = URL.createObjectURL(blob);
    this.#urls.push(url);
    const name = `image-${number}.${formatOf(image)}`;
    const img = $('<img>').attr({
      src: url,
      alt: this.#node._('try.image', { number, all }),
      width: image.width,
      height: image.height,
    });
    return $('<figure>').append(
      img,
      caption.append(' ', $('<a>').attr({ href: url, download: name }).text(this.#node._('try.save'))),
    );
  }

  #caption(image: ResultImage): string {
    const size = (image.bytes / 1e6).toLocaleString(RED.i18n.lang(), { maximumSignificantDigits: 2 });
    return this.#node._('try.caption', {
      width: image.width,
      height: image.height,
      format: formatOf(image).toUpperCase(),
      size,
    });
  }
}

/** Through jQuery, which adds what `adminAuth` asks for; an address in an `<img>` would be refused. Undefined where Node-RED no longer has it. */
async function fetchBlob(id: string): Promise<Blob | undefined> {
  try {
    return (await $.ajax({
      url: `nanogpt-image/images/${encodeURIComponent(id)}`,
      xhrFields: { responseType: 'blob' },
    })) as Blob;
  } catch {
    return undefined;
  }
}

function formatOf({ mime }: ResultImage): string {
  return mime.replace('image/', '');
}
