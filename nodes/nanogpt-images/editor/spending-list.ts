import type { Service } from '../../../src/api/services.js';
import { getJson } from './fetch.js';
import { formatMoney } from './format.js';
import type { Texts } from './texts.js';
import { makeSection } from './section.js';

/** What one account has spent. */
interface AccountSpending {
  id: string;
  name?: string;
  service: Service;
  currency: string;
  budget?: number;
  budgetPeriod: 'hour' | 'day' | 'month';
  spending: { hour: number; day: number; month: number; byModel: Record<string, number> };
}

/** What each account has spent in the period of its budget and this month, by model. */
export class SpendingList {
  readonly element: JQuery;
  readonly #texts: Texts;
  readonly #list = $('<div>');

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = makeSection(texts._('tab.spent')).append(this.#list);
  }

  async refresh(): Promise<void> {
    const { accounts } = await getJson<{ accounts: AccountSpending[] }>('spending');
    const shown = accounts.map((account) => this.#account(account));
    this.#list
      .empty()
      .append(shown.length > 0 ? shown : [$('<p class="nanogpt-none">').text(this.#texts._('tab.noAccount'))]);
  }

  #account({ name, service, currency, budget, budgetPeriod, spending }: AccountSpending): JQuery {
    const unit = service === 'sandbox' ? this.#texts._('tab.playMoney') : currency;
    const spent = spending[budgetPeriod];
    const values = { spent: budget === undefined ? formatMoney(spent, unit) : formatMoney(spent, '').trim() };
    const sum =
      budget === undefined
        ? this.#texts._(`tab.${budgetPeriod}Spent`, values)
        : this.#texts._(`tab.${budgetPeriod}SpentOf`, { ...values, budget: formatMoney(budget, unit) });
    const meter = $('<meter min="0">').attr({ max: budget ?? 1, value: spent, 'aria-label': sum });
    const models = Object.entries(spending.byModel).sort(([, one], [, other]) => other - one);
    const rows = models.map(([model, cost]) =>
      $('<tr>').append(
        $('<td>').text(model || this.#texts._('tab.defaultModel')),
        $('<td>').text(formatMoney(cost, unit)),
      ),
    );
    return $('<div class="nanogpt-account">').append(
      $('<b>').text(name || this.#texts._(`tab.service.${service}`)),
      $('<div>').text(sum),
      budget === undefined ? '' : meter,
      rows.length === 0
        ? ''
        : $('<details>').append(
            $('<summary>').text(this.#texts._('tab.byModel', { sum: formatMoney(spending.month, unit) })),
            $('<table>').append(rows),
          ),
    );
  }
}
