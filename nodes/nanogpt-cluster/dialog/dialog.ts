import { fillMissing, keepSaved, revealUnfolded, unfoldUsed } from '../../shared/editor/dialog.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { defaults } from '../config.js';
import { checkButton } from './check.js';
import { secretButton } from './secret.js';
import { summarizeMore } from './summary.js';
import { timezoneField } from './timezone.js';

/** Sets up the dialog of a cluster. */
export function prepare(node: EditedNode): void {
  fillMissing(node, defaults);
  keepSaved(node, 'role');
  unfoldUsed(node, defaults);
  revealUnfolded(node);
  secretButton(node);
  timezoneField(node);
  checkButton(node);
  summarizeMore(node);
}
