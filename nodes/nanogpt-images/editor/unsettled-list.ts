import type { UnsettledRequest } from '../../shared/route-answers.js';
import { formatMoney } from '../../shared/editor/format.js';
import { getJson, postJson } from './fetch.js';
import { formatTime } from './format-time.js';
import { findNodeName, itemCurrency, joinParts } from './describe-item.js';
import { detectChange } from './detect-change.js';
import { makeSection } from './section.js';
import type { Texts } from './texts.js';

/** The requests of unknown outcome, to be settled by hand. Out of sight where there is none. */
export class UnsettledList {
  readonly element: JQuery;
  readonly #texts: Texts;
  readonly #list = $('<ul class="nanogpt-unsettled">');
  readonly #isNew = detectChange();

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = makeSection(texts._('tab.unsettled'))
      .append($('<p>').text(texts._('tab.unsettledTip')), this.#list)
      .hide();
  }

  async refresh(): Promise<void> {
    const { unsettled } = await getJson<{ unsettled: UnsettledRequest[] }>('unsettled');
    if (!this.#isNew(unsettled)) return;
    this.element.toggle(unsettled.length > 0);
    this.#list.empty().append(unsettled.map((request) => this.#row(request)));
  }

  #row(request: UnsettledRequest): JQuery {
    const { time, model, n, estimate, prompt, nodeId, difference } = request;
    const currency = this.#currency(request);
    const facts = joinParts(
      formatTime(time),
      findNodeName(nodeId),
      `${n} × ${model || this.#texts._('tab.defaultModel')}`,
      estimate === undefined ? '' : this.#texts._('tab.estimate', { cost: formatMoney(estimate, currency) }),
    );
    const cost = difference !== undefined && difference > 0 ? difference : undefined;
    const made =
      cost === undefined
        ? this.#texts._('tab.made')
        : this.#texts._('tab.madeFor', { cost: formatMoney(cost, currency) });
    return $('<li>').append(
      prompt === undefined ? '' : $('<div class="nanogpt-prompt">').text(prompt),
      $('<div>').text(facts),
      this.#help(request),
      $('<div class="nanogpt-view-buttons">').append(
        this.#button(made, request, { made: true, ...(cost !== undefined && { cost }) }),
        this.#button(this.#texts._('tab.notMade'), request, { made: false }),
      ),
    );
  }

  #currency({ accountId: account, currency }: UnsettledRequest): string | undefined {
    return itemCurrency(this.#texts, { account, currency });
  }

  #help(request: UnsettledRequest): JQuery | '' {
    const { difference } = request;
    if (difference === undefined) return '';
    const amount = formatMoney(Math.abs(difference), this.#currency(request));
    const key = difference > 0 ? 'tab.balanceFell' : difference < 0 ? 'tab.balanceRose' : 'tab.balanceSame';
    return $('<div>').text(this.#texts._(key, { amount }));
  }

  #button(text: string, { id, accountId, prompt, model }: UnsettledRequest, verdict: object): JQuery {
    return $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(text)
      .attr('aria-label', joinParts(text, prompt ?? model))
      .on('click', () => {
        void postJson(this.#texts, 'settle', { accountId, id, ...verdict }).finally(() => this.refresh());
      });
  }
}
