import { ChoiceList, makeSpan } from '../../shared/editor/choice-list.js';
import { Combobox } from '../../shared/editor/combobox.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { findInput } from '../../shared/editor/typed-field.js';
import { isLiteral } from '../../shared/editor/validators.js';
import type { apiNames } from '../config.js';

/** One value of a field, with its price where the price depends on it. */
export interface OfferedValue {
  value: string;
  price?: string;
}

/** The values that a model lists for a TypedInput, as a list below it; any other may be typed. */
export class ValueList {
  readonly #combobox: Combobox;
  #offered = '';

  constructor(node: EditedNode, name: keyof typeof apiNames) {
    const field = $(`#node-input-${name}`);
    this.#combobox = new Combobox(findInput(field), new ChoiceList({ label: node._(`label.${name}`) }), {
      isLiteral: () => isLiteral(field.typedInput('type')),
    });
  }

  /** None = the field is a text field like any other. */
  offer(values: OfferedValue[]): void {
    const offered = JSON.stringify(values);
    if (offered === this.#offered) return this.#combobox.refresh();
    this.#offered = offered;
    this.#combobox.offer(
      values.map(({ value, price = '' }) => ({
        value,
        words: value,
        show: () => [makeSpan(value), makeSpan(price, 'nanogpt-price')],
      })),
    );
  }
}
