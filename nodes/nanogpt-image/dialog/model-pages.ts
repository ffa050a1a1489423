import { type Model, fetchModel } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import type { PostedAccount } from '../../shared/editor/settings.js';

/** What only the page of a model says: its prices by resolution, and what it takes of input images. Each page is asked for once. */
export class ModelPages {
  readonly #node: EditedNode;
  readonly #onChange: () => void;
  readonly #asked = new WeakSet<Model>();

  constructor(node: EditedNode, onChange: () => void) {
    this.#node = node;
    this.#onChange = onChange;
  }

  /**
   * Adds to a model of the list what its page says, and calls `onChange` when that is there. The lists of models keep their entries, so
   * the model stays the same object.
   */
  async complete(model: Model | undefined, posted: PostedAccount | undefined): Promise<void> {
    if (!model?.hasPage || !posted || this.#asked.has(model)) return;
    this.#asked.add(model);
    const found = await fetchModel(this.#node, posted, model.id);
    if (!found) return;
    Object.assign(model, found);
    this.#onChange();
  }
}
