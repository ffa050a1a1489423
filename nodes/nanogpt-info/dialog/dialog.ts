import type { EditedNode } from '../../shared/editor/red.js';
import { fillMissing, keepSaved } from '../../shared/editor/dialog.js';
import { defaults } from '../config.js';

/** Sets up the dialog of an image info node. */
export function prepare(node: EditedNode): void {
  fillMissing(node, defaults);
  keepSaved(node, 'ask');
  keepSaved(node, 'filter');

  const ask = $('#node-input-ask');
  ask.on('change', () => {
    $('#nanogpt-filter').toggle(ask.val() === 'models');
    $('#nanogpt-limit, #nanogpt-list-only').toggle(ask.val() === 'history');
  });
}
