import type { EditedNode } from '../../shared/editor/red.js';
import { choices } from '../config.js';

/** The currently chosen service. */
export function chosenService(): string {
  return String($('#node-config-input-service').val());
}

/**
 * Shows the services as rows with an explanation of each. The hidden list
 * remains the field of the form; the two follow each other.
 */
export function serviceRows(node: EditedNode): void {
  const list = $('#node-config-input-service');
  const rows = $('<div>', {
    class: 'nanogpt-services',
    role: 'radiogroup',
    'aria-labelledby': 'nanogpt-service-label',
  });
  for (const option of list.find('option').get()) rows.append(row(node, String($(option).val()), $(option).text()));

  const buttons = rows.find('input');
  buttons.on('change', function () {
    list.val(String($(this).val())).trigger('change');
  });
  list.on('change', () => buttons.val([String(list.val())]));
  list.attr({ class: 'nanogpt-unseen', tabindex: -1, 'aria-hidden': 'true' }).after(rows);
  list.on('focus', () => buttons.filter(':checked').trigger('focus'));
}

function row(node: EditedNode, service: string, name: string): JQuery {
  const id = `nanogpt-service-${service}`;
  const known = choices.service.find((each) => each === service);
  const line = node._(known ? `tip.service.${known}` : 'tip.serviceUnknown');
  const button = $('<input>', {
    type: 'radio',
    name: 'nanogpt-service',
    id,
    value: service,
    'aria-labelledby': `${id}-name`,
    'aria-describedby': `${id}-line`,
  });
  const words = $('<div>').append(
    $('<div>', { id: `${id}-name`, text: name }),
    $('<div>', { id: `${id}-line`, class: 'nanogpt-tip', text: line }),
  );
  return $('<label>', { for: id }).append(button, words);
}
