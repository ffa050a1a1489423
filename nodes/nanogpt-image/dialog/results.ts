import type { EditedNode, EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/** A picture that was made in the dialog; its bytes wait at Node-RED for some minutes. */
export interface MadePicture {
  id: string;
  mime: string;
  width: number;
  height: number;
  bytes: number;
}

/** The pictures that were made last. The browser holds their bytes until others take their place or the dialog closes. */
export class MadePictures {
  readonly element = $('<div class="nanogpt-pictures">');
  readonly #node: EditedNode;
  #urls: string[] = [];
  #turn = 0;

  constructor(node: EditedNode) {
    this.#node = node;
  }

  /** Shows others, in their order; resolves when they are there to see. */
  async show(pictures: MadePicture[]): Promise<void> {
    this.clear();
    const turn = this.#turn;
    const blobs = await Promise.all(pictures.map(({ id }) => fetchBlob(id)));
    if (turn !== this.#turn) return;
    this.element.append(pictures.map((picture, index) => this.#figure(picture, { blob: blobs[index], number: index + 1, all: pictures.length })));
  }

  clear(): void {
    this.#turn += 1;
    this.element.empty();
    for (const url of this.#urls.splice(0)) URL.revokeObjectURL(url);
  }

  #figure(picture: MadePicture, { blob, number, all }: { blob: Blob | undefined; number: number; all: number }): JQuery {
    const caption = $('<figcaption>').text(this.#caption(picture));
    if (!blob) return $('<figure>').append($('<div>').text(this.#node._('try.pictureGone')), caption);
    const url = URL.createObjectURL(blob);
    this.#urls.push(url);
    const name = `picture-${number}.${formatOf(picture)}`;
    const image = $('<img>').attr({ src: url, alt: this.#node._('try.picture', { number, all }), width: picture.width, height: picture.height });
    return $('<figure>').append(image, caption.append(' ', $('<a>').attr({ href: url, download: name }).text(this.#node._('try.save'))));
  }

  #caption(picture: MadePicture): string {
    const size = (picture.bytes / 1e6).toLocaleString(RED.i18n.lang(), { maximumSignificantDigits: 2 });
    return this.#node._('try.caption', { width: picture.width, height: picture.height, format: formatOf(picture).toUpperCase(), size });
  }
}

/** Through jQuery, which adds what `adminAuth` asks for; an address in an `<img>` would be refused. Undefined where Node-RED no longer has it. */
async function fetchBlob(id: string): Promise<Blob | undefined> {
  try {
    return (await $.ajax({ url: `nanogpt-image/pictures/${encodeURIComponent(id)}`, xhrFields: { responseType: 'blob' } })) as Blob;
  } catch {
    return undefined;
  }
}

function formatOf({ mime }: MadePicture): string {
  return mime.replace('image/', '');
}
