import type { AccountSpending } from '../../shared/route-answers.js';
import { formatAmount, formatMoney } from '../../shared/editor/format.js';
import { makeDayChart } from './day-chart.js';
import { getJson } from './fetch.js';
import { makeModelChart } from './model-chart.js';
import { detectChange } from './detect-change.js';
import { makeSection } from './section.js';
import type { Texts } from './texts.js';

const views = { byDay: makeDayChart, byModel: makeModelChart };

/** What each account has spent in the period of its budget and in the last 30 days, by day or by model. */
export class SpendingList {
  readonly element: JQuery;
  readonly #texts: Texts;
  readonly #list = $('<div>');
  readonly #isNew = detectChange();
  #view: keyof typeof views = 'byDay';
  #accounts: AccountSpending[] = [];

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = makeSection(texts._('tab.spent')).append(this.#makeSwitch(), this.#list);
  }

  async refresh(): Promise<void> {
    const { accounts } = await getJson<{ accounts: AccountSpending[] }>('spending');
    if (!this.#isNew(accounts)) return;
    this.#accounts = accounts;
    this.#show();
  }

  #makeSwitch(): JQuery {
    const buttons = (Object.keys(views) as (keyof typeof views)[]).map((view) =>
      $('<button type="button" class="red-ui-button red-ui-button-small">')
        .text(this.#texts._(`tab.${view}`))
        .attr('aria-pressed', String(view === this.#view))
        .on('click', ({ currentTarget }) => {
          this.#view = view;
          $(currentTarget).attr('aria-pressed', 'true').siblings().attr('aria-pressed', 'false');
          this.#show();
        }),
    );
    return $('<div class="nanogpt-switch">').append(buttons);
  }

  /** Tables that were unfolded stay so. */
  #show(): void {
    const open = new Set(
      this.#list
        .find('details[open]')
        .get()
        .map(({ id }) => id),
    );
    const shown = this.#accounts.map((account) => this.#account(account));
    this.#list
      .empty()
      .append(shown.length > 0 ? shown : [$('<p class="nanogpt-none">').text(this.#texts._('tab.noAccount'))]);
    this.#list.find('details').each((_, details) => void $(details).prop('open', open.has(details.id)));
  }

  #account(account: AccountSpending): JQuery {
    const { id, name, service, currency, budget, budgetPeriod, spending, days } = account;
    const unit = service === 'sandbox' ? this.#texts._('price.playMoney') : currency;
    const spent = spending[budgetPeriod];
    const sum =
      budget === undefined
        ? this.#texts._(`tab.${budgetPeriod}Spent`, { spent: formatMoney(spent, unit) })
        : this.#texts._(`tab.${budgetPeriod}SpentOf`, {
            spent: formatAmount(spent),
            budget: formatMoney(budget, unit),
          });
    const meter = $('<meter min="0">').attr({ max: budget ?? 1, value: spent, 'aria-label': sum });
    const isUnused = days.every(({ amount }) => amount === 0);
    const chart = isUnused ? '' : views[this.#view](this.#texts, account, unit);
    if (chart !== '') chart.find('details').attr('id', `nanogpt-days-${id}`);
    return $('<div class="nanogpt-account">').append(
      $('<b>').text(name || this.#texts._(`tab.service.${service}`)),
      $('<div>').text(sum),
      budget === undefined ? '' : meter,
      chart,
    );
  }
}
