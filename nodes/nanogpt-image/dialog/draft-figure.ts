import type { EditedNode } from '../../shared/editor/red.js';
import { fetchImageUrl } from './fetch-image-url.js';

/** The newest partial image of a request under way; empty where there is none. */
export class DraftFigure {
  readonly element = $('<div>');
  readonly #label: string;
  #url: string | undefined;
  /** Counts what was shown and removed: an image that was overtaken while it was fetched is dropped. */
  #order = 0;

  constructor(node: EditedNode) {
    this.#label = node._('try.draft');
  }

  /** Shows the partial image with that id, if it is still there. */
  async show(id: string): Promise<void> {
    const order = (this.#order += 1);
    const url = await fetchImageUrl(id);
    if (url === undefined) return;
    if (order !== this.#order) return URL.revokeObjectURL(url);
    this.remove();
    this.#url = url;
    const image = $('<img>').attr({ src: url, alt: this.#label });
    this.element.append($('<figure class="nanogpt-draft">').append(image, $('<figcaption>').text(this.#label)));
  }

  remove(): void {
    this.#order += 1;
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#url = undefined;
    this.element.empty();
  }
}
