import { formatMoney } from '../../shared/editor/format.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { type TranslatableMessage, translate } from '../../shared/editor/request.js';
import type { Problem, TryResult } from '../../shared/route-answers.js';

declare const RED: EditorRed;

/** Errors whose message already says that the request may have been charged. */
const MENTIONS_CHARGE = ['timed_out', 'service_timed_out', 'connection_lost', 'server_failed', 'download_failed'];

/** Shows the failure and whether it was charged, each only once, with links to images that were paid for. */
export function showProblem(node: EditedNode, place: JQuery, problem: Problem): void {
  const { key, charged, urls = [] } = problem;
  const text = urls.length > 0 ? node._('try.notFetched') : translate(node, problem);
  const verdict = MENTIONS_CHARGE.includes(key) ? '' : $('<div>').text(node._(`try.charged-${charged}`));
  const links = urls.map((url) =>
    $('<div>').append($('<a target="_blank" rel="noreferrer">').attr('href', url).text(url)),
  );
  place.addClass('nanogpt-problem').text(text).append(verdict, links);
}

/** Warnings as a list; nothing where there are none. */
export function warningList(node: EditedNode, warnings: TranslatableMessage[]): JQuery | string {
  const items = warnings.map((warning) => $('<li>').text(translate(node, warning)));
  return items.length > 0 ? $('<ul>').append(items) : '';
}

/** What images cost, where the service said so; `unit` takes the place of the currency. */
export function costText({ cost, currency }: TryResult, unit = currency): string | undefined {
  return cost === undefined ? undefined : formatMoney(cost, unit);
}

/** How many seconds images took: "3.4". */
export function secondsText({ durationMs }: TryResult): string {
  return Math.max(durationMs / 1000, 0.1).toLocaleString(RED.i18n.lang(), { maximumFractionDigits: 1 });
}
