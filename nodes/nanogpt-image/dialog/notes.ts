import { makeSpan } from '../../shared/editor/choice-list.js';
import { nameAndAbilities } from '../../shared/editor/model-chooser.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { translate } from '../../shared/editor/request.js';
import { findInput } from '../../shared/editor/typed-field.js';
import { DIAGNOSED_FIELDS, diagnose, isSet } from './diagnostics.js';
import { type ChosenAccount, type RequestForecast, ownModel } from './request-forecast.js';
import { priceLine } from './price-line.js';

/** The notes between the fields: on the account, the model, the price, and on settings that do not suit the model. */
export class Notes {
  readonly #node: EditedNode;
  readonly #ownModel = findInput($('#node-input-model')).attr('placeholder') ?? '';

  constructor(node: EditedNode) {
    this.#node = node;
    $('#nanogpt-add-account').on('click', () => $('#node-input-btn-account-add').trigger('click'));
    for (const field of DIAGNOSED_FIELDS) {
      const id = `nanogpt-diagnostic-${field}`;
      findRow(field).append($('<div class="nanogpt-tip" role="status">').attr('id', id));
      findInput($(`#node-input-${field}`)).attr(
        'aria-describedby',
        field === 'model' ? `nanogpt-model-line ${id}` : id,
      );
    }
  }

  show(forecast: RequestForecast, chosen: ChosenAccount | undefined): void {
    const isMissing = ['', '_ADD_'].includes(String($('#node-input-account').val() ?? ''));
    $('#nanogpt-no-account').toggle(isMissing);
    $('#nanogpt-strip').toggle(chosen !== undefined);
    showParts($('#nanogpt-price'), [makeSpan(priceLine(this.#node, forecast))]);
    const canInpaint = forecast.model?.abilities.includes('inpainting') ?? false;
    $('#nanogpt-mask-tip').toggle(canInpaint || isSet(this.#node, 'mask'));
    this.#showModel(forecast, chosen);
    this.#showDiagnostics(forecast);
  }

  #showModel({ model }: RequestForecast, chosen: ChosenAccount | undefined): void {
    const own = ownModel(chosen);
    findInput($('#node-input-model')).attr(
      'placeholder',
      own ? this.#node._('label.accountModel', { model: own }) : this.#ownModel,
    );
    showParts(
      $('#nanogpt-model-line'),
      model ? nameAndAbilities(this.#node, model) : [makeSpan(this.#listState(chosen))],
    );
  }

  /** Why there is no list of models; '' where there is one. */
  #listState(chosen: ChosenAccount | undefined): string {
    if (!chosen) return '';
    if (!chosen.listing) return this.#node._('tip.listing');
    const { problem } = chosen.listing;
    return problem ? this.#node._('tip.noList', { reason: translate(this.#node, problem) }) : '';
  }

  #showDiagnostics(forecast: RequestForecast): void {
    const found = diagnose(this.#node, forecast);
    for (const field of DIAGNOSED_FIELDS) {
      const here = found.filter((diagnostic) => diagnostic.field === field);
      showParts(
        $(`#nanogpt-diagnostic-${field}`),
        here.map(({ text, isWarning }) =>
          makeSpan(text, isWarning ? 'nanogpt-diagnostic nanogpt-warning' : 'nanogpt-finding'),
        ),
      );
    }
  }
}

/** Shows parts side by side, unless they are shown already: screen readers announce every change. */
function showParts(place: JQuery, parts: HTMLElement[]): void {
  const html = parts.map((part) => part.outerHTML).join(' ');
  if (place.html() !== html) place.html(html);
}

function findRow(field: string): JQuery {
  return $(`#node-input-${field}`).closest('.form-row');
}
