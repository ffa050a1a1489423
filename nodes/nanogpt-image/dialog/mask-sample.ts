import type { EditedNode } from '../../shared/editor/red.js';
import { addChangeNode } from './add-change-node.js';
import { paintMask } from './paint-mask.js';
import { readDataUrl } from '../../shared/editor/image-url.js';

/** The field of the mask, and the image that the mask belongs to. */
export interface MaskSampleOptions {
  /** The path of the message's property, without `msg.`. */
  path: string;
  input: JQuery<HTMLInputElement>;
  /** The image that was chosen. */
  image(): File | undefined;
}

/** The buttons beside the mask's sample: one to paint it over the chosen image, one to put it into the flow. */
export class MaskSample {
  readonly element: JQuery;
  readonly #options: MaskSampleOptions;
  readonly #paint: JQuery;
  readonly #put: JQuery;

  constructor(node: EditedNode, options: MaskSampleOptions) {
    this.#options = options;
    const button = (text: string): JQuery => $('<button type="button" class="nanogpt-button">').text(text);
    this.#paint = button(node._('painter.paint')).on('click', () => void this.#open(node));
    this.#put = button(node._('painter.put')).on('click', () => void this.#putIntoFlow(node));
    this.element = $('<div class="nanogpt-mask-buttons">');
  }

  /** Holds only the buttons that the chosen files can be used with: the first button of the form makes the image. */
  refresh(): void {
    const isIn = (button: JQuery): boolean => this.element.children().is(button);
    if (this.#options.image() === undefined) this.#paint.detach();
    else if (!isIn(this.#paint)) this.element.prepend(this.#paint);
    if (this.#mask === undefined) this.#put.detach();
    else if (!isIn(this.#put)) this.element.append(this.#put);
  }

  get #mask(): File | undefined {
    return this.#options.input[0]!.files?.[0];
  }

  async #open(node: EditedNode): Promise<void> {
    const image = this.#options.image();
    if (!image) return;
    await paintMask(node, image, {
      onDone: (mask) => this.#choose(mask),
      onClose: () => this.#paint.trigger('focus'),
    });
  }

  /** Puts it into the field as if it had been chosen from disk. */
  #choose(mask: Blob): void {
    const transfer = new DataTransfer();
    transfer.items.add(new File([mask], 'mask.png', { type: mask.type }));
    const { input } = this.#options;
    input[0]!.files = transfer.files;
    input.trigger('change');
  }

  async #putIntoFlow(node: EditedNode): Promise<void> {
    if (this.#mask) addChangeNode(node, this.#options.path, await readDataUrl(this.#mask));
  }
}
