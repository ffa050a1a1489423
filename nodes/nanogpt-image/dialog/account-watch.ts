import { fetchModels } from '../../shared/editor/models.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { postedAccount } from '../../shared/editor/settings.js';
import type { ChosenAccount } from './request-forecast.js';

declare const RED: EditorRed;

/**
 * Calls `onChange` when another account is chosen in the open dialog or the chosen one was changed: at once, and again
 * with the list of models when the service has answered. Each change asks the service once.
 */
export function watchAccount(node: EditedNode, onChange: (chosen: ChosenAccount | undefined) => void): void {
  const field = $('#node-input-account');
  let last: string | undefined;

  field.on('change', () => {
    const account = RED.nodes.node(String(field.val()));
    const posted = account ? postedAccount(account) : undefined;
    const now = JSON.stringify(posted) ?? '';
    if (now === last) return;
    last = now;
    onChange(posted && { posted });
    if (!posted) return;
    void fetchModels(node, posted).then((listing) => {
      // Another may have been chosen meanwhile.
      if (now === last) onChange({ posted, listing });
    });
  });
  // What comes after the dialog is closed has no fields to be shown in.
  field.on('remove', () => (last = undefined));
}
