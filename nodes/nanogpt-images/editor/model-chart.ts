import type { AccountSpending } from '../../shared/route-answers.js';
import { formatMoney } from '../../shared/editor/format.js';
import { sumDays, sumModels } from './spending.js';
import type { Texts } from './texts.js';

/** What the last 30 days have cost by model, a bar each. */
export function makeModelChart(texts: Texts, { days }: AccountSpending, unit: string): JQuery {
  const models = sumModels(days);
  const highest = models[0]?.[1] ?? 0;
  const rows = models.map(([model, amount]) =>
    $('<tr>').append(
      $('<td>').append(
        $('<div>').text(model || texts._('tab.defaultModel')),
        $('<div class="nanogpt-bar">').css('width', `${(amount / highest) * 100}%`),
      ),
      $('<td>').text(formatMoney(amount, unit)),
    ),
  );
  const sum = texts._('tab.lastDays', { sum: formatMoney(sumDays(days), unit) });
  return $('<div>').append($('<div>').text(sum), $('<table class="nanogpt-models">').append(rows));
}
