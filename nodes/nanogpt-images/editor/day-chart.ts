import type { AccountSpending, DaySpending } from '../../shared/route-answers.js';
import { formatMoney } from '../../shared/editor/format.js';
import { formatDay } from './format-time.js';
import { dailyBudget, sumDays } from './spending.js';
import type { Texts } from './texts.js';

/** The last 30 days as bars with the line of the budget, and the same as a table. */
export function makeDayChart(texts: Texts, account: AccountSpending, unit: string): JQuery {
  const { days, budgetPeriod } = account;
  const budget = dailyBudget(account);
  const highest = Math.max(...days.map(({ amount }) => amount), budget ?? 0);
  const share = (amount: number): string => `${highest > 0 ? (amount / highest) * 100 : 0}%`;
  const sum = texts._('tab.lastDays', { sum: formatMoney(sumDays(days), unit) });
  const bars = days.map((day) =>
    $('<div>')
      .attr('title', `${formatDay(day.day)}: ${formatMoney(day.amount, unit)}`)
      .append($('<i>').css('height', share(day.amount))),
  );
  const chart = $('<div class="nanogpt-days" role="img">').attr('aria-label', sum).append(bars);
  if (budget !== undefined) chart.append($('<span class="nanogpt-budget">').css('bottom', share(budget)));
  const line =
    budget === undefined
      ? ''
      : $('<div class="nanogpt-budget-text">').text(
          texts._(budgetPeriod === 'day' ? 'tab.budgetLine.day' : 'tab.budgetLine.month', {
            budget: formatMoney(budget, unit),
          }),
        );
  const ends = $('<div class="nanogpt-ends" aria-hidden="true">').append(
    [days[0], days.at(-1)].map((day) => $('<span>').text(day ? formatDay(day.day) : '')),
  );
  return $('<div>').append($('<div>').text(sum), chart, ends, line, makeTable(texts, days, unit));
}

/** The days on which anything was spent, the newest first: the bars for those who do not see or point at them. */
function makeTable(texts: Texts, days: DaySpending[], unit: string): JQuery | '' {
  const rows = days
    .filter(({ amount }) => amount > 0)
    .reverse()
    .map(({ day, amount }) =>
      $('<tr>').append($('<td>').text(formatDay(day)), $('<td>').text(formatMoney(amount, unit))),
    );
  if (rows.length === 0) return '';
  return $('<details>').append($('<summary>').text(texts._('tab.dayByDay')), $('<table>').append(rows));
}
