import { badges } from '../../shared/editor/model-list.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { say } from '../../shared/editor/request.js';
import { inputOf } from '../../shared/editor/typed-field.js';
import { FOUND_AT, findings } from './findings.js';
import { type Chosen, type Outlook, ownModel } from './outlook.js';
import { priceLine } from './price-line.js';

/** What the dialog says beside its fields: of the account, the model, the price, and of settings that the model will not take well. */
export class Notes {
  readonly #node: EditedNode;
  readonly #ownModel = inputOf($('#node-input-model')).attr('placeholder') ?? '';

  constructor(node: EditedNode) {
    this.#node = node;
    $('#nanogpt-add-account').on('click', () => $('#node-input-btn-account-add').trigger('click'));
    for (const field of FOUND_AT) {
      const id = `nanogpt-found-${field}`;
      rowOf(field).append($('<div class="nanogpt-tip" role="status">').attr('id', id));
      inputOf($(`#node-input-${field}`)).attr('aria-describedby', field === 'model' ? `nanogpt-model-line ${id}` : id);
    }
  }

  show(look: Outlook, chosen: Chosen | undefined): void {
    const isMissing = ['', '_ADD_'].includes(String($('#node-input-account').val() ?? ''));
    $('#nanogpt-no-account').toggle(isMissing);
    $('#nanogpt-price').text(priceLine(this.#node, look)).closest('.form-row').toggle(chosen !== undefined);
    this.#showModel(look, chosen);
    this.#showFindings(look);
  }

  #showModel({ model }: Outlook, chosen: Chosen | undefined): void {
    const own = ownModel(chosen);
    inputOf($('#node-input-model')).attr('placeholder', own ? this.#node._('label.accountModel', { model: own }) : this.#ownModel);
    const line = $('#nanogpt-model-line').empty();
    if (model) line.append($('<span class="nanogpt-name">').text(model.name), ...badges(this.#node, model).flatMap((badge) => [' ', badge]));
    else line.text(this.#listState(chosen));
  }

  /** Why there is no list of models, where there is none. */
  #listState(chosen: Chosen | undefined): string {
    if (!chosen) return '';
    if (!chosen.catalogue) return this.#node._('tip.listing');
    const { problem } = chosen.catalogue;
    return problem ? this.#node._('tip.noList', { reason: say(this.#node, problem) }) : '';
  }

  #showFindings(look: Outlook): void {
    const found = findings(this.#node, look);
    for (const field of FOUND_AT) {
      const here = found.filter((finding) => finding.field === field);
      const lines = here.map(({ text, isWarning }) => $('<div>').toggleClass('nanogpt-warning', isWarning).text(text));
      $(`#nanogpt-found-${field}`).empty().append(lines);
    }
  }
}

function rowOf(field: string): JQuery {
  return $(`#node-input-${field}`).closest('.form-row');
}
