import { type Model, fetchModel } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import type { PostedAccount } from '../../shared/editor/settings.js';

/**
 * What only the page of a model says: its prices by resolution, and
 * which input images it takes. Each page is fetched once.
 */
export class ModelPages {
  readonly #node: EditedNode;
  readonly #onChange: () => void;
  readonly #fetched = new WeakSet<Model>();

  constructor(node: EditedNode, onChange: () => void) {
    this.#node = node;
    this.#onChange = onChange;
  }

  /**
   * Adds to a model of the list what its page says, and calls `onChange` when that is there. The lists of models keep
   * their entries, so the model stays the same object.
   */
  async complete(model: Model | undefined, posted: PostedAccount | undefined): Promise<void> {
    if (!model?.hasPage || !posted || this.#fetched.has(model)) return;
    this.#fetched.add(model);
    const found = await fetchModel(this.#node, posted, model.id);
    if (!found) return;
    Object.assign(model, found);
    this.#onChange();
  }
}
