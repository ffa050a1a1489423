import type { EditedNode } from './red.js';
import { fieldPrefix, findForm, savedValue } from './field-value.js';

/** Shows the default of every setting that the saved node lacks, as the runtime uses it. Call it first. */
export function fillMissing(node: EditedNode, defaults: object): void {
  for (const [name, value] of Object.entries(defaults)) {
    if (savedValue(node, name) !== undefined) continue;
    const field = $(fieldPrefix(node) + name);
    if (typeof value === 'boolean') field.prop('checked', value);
    // A list of configuration nodes has its own choice for none.
    else if (value !== '' || field.has('option[value="_ADD_"]').length === 0) field.val(String(value));
  }
}

/** Adds a saved value to a list that does not offer it, so that closing the dialog does not change it. */
export function keepSaved(node: EditedNode, name: string): void {
  const list = $(fieldPrefix(node) + name);
  const saved = savedValue(node, name);
  if (typeof saved !== 'string' || list.val() === saved) return;
  list.append($('<option>').val(saved).text(saved)).val(saved);
}

/** Scrolls a section into sight that the user unfolds at the lower edge of the dialog. */
export function revealUnfolded(node: EditedNode): void {
  findForm(node).on('click', 'summary', ({ currentTarget }) => {
    const section = (currentTarget as HTMLElement).parentElement as HTMLDetailsElement;
    // It opens after the click.
    requestAnimationFrame(() => section.open && section.scrollIntoView({ block: 'nearest' }));
  });
}

/** Unfolds the sections in which a setting differs from its default, so that nothing set is hidden. */
export function unfoldUsed(node: EditedNode, defaults: object): void {
  for (const [name, value] of Object.entries(defaults)) {
    const saved = savedValue(node, name);
    if (saved === undefined || String(saved) === String(value)) continue;
    $(fieldPrefix(node) + name)
      .closest('details')
      .prop('open', true);
  }
}
