import { fetchModels } from '../../shared/editor/models.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { postedAccount } from '../../shared/editor/settings.js';
import type { Chosen } from './request-forecast.js';

declare const RED: EditorRed;

/** Tells of the account of an open dialog whenever another is chosen or it was changed: at once, and again when its service has said what it lists. One request each. */
export function watchAccount(node: EditedNode, tell: (chosen: Chosen | undefined) => void): void {
  const field = $('#node-input-account');
  let last: string | undefined;

  field.on('change', () => {
    const account = RED.nodes.node(String(field.val()));
    const posted = account ? postedAccount(account) : undefined;
    const now = JSON.stringify(posted) ?? '';
    if (now === last) return;
    last = now;
    tell(posted && { posted });
    if (!posted) return;
    void fetchModels(node, posted).then((catalogue) => {
      // Another may have been chosen meanwhile.
      if (now === last) tell({ posted, catalogue });
    });
  });
}
