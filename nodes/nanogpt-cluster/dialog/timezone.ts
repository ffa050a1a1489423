import { type Choice, ChoiceList, makeSpan } from '../../shared/editor/choice-list.js';
import { Combobox } from '../../shared/editor/combobox.js';
import { fieldPrefix } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';

/** Offers the time zones that the browser knows, its own first. */
export function timezoneField(node: EditedNode): void {
  const list = new ChoiceList({ label: node._('label.timezone') });
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  new Combobox($(`${fieldPrefix(node)}timezone`), list).offer([...zones].map(toChoice));
}

/** Words find a city without its underscore, too. */
function toChoice(zone: string): Choice {
  return { value: zone, words: `${zone} ${zone.replaceAll('_', ' ')}`, show: () => [makeSpan(zone)] };
}
