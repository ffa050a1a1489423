import { fieldPrefix, findForm } from './field-value.js';
import type { EditedNode, EditorRed } from './red.js';

declare const RED: EditorRed;

/** The URL of the dialogs' code, which the build writes. */
const ADDRESS = 'resources/@flow-easel/node-red-nanogpt/dialogs.js';

/** Sets up the fields of one type's dialog. */
type Prepare = (node: EditedNode) => void;

/** The dialogs by type of node. */
type Dialogs = Record<string, { prepare: Prepare }>;

/** Sets up a dialog that opens, with code that is loaded when the first one opens. The form is `aria-busy` until then. */
export function openDialog(node: EditedNode): void {
  const form = findForm(node).attr('aria-busy', 'true');
  load()
    .then(
      (dialogs) => {
        // It may have been closed in the meantime.
        if (form.closest('body').length === 0) return;
        dialogs[node.type]!.prepare(node);
        announce(node);
      },
      (error: unknown) => RED.notify(String(error), 'error'),
    )
    .finally(() => form.removeAttr('aria-busy'));
}

/** Triggers the handlers of all fields and then the validators, as the editor does after `oneditprepare`. */
function announce(node: EditedNode): void {
  const fields = Object.keys({ ...node._def.defaults, ...node._def.credentials }).map((name) =>
    $(fieldPrefix(node) + name),
  );
  for (const field of fields) field.attr('skipValidation', 'true').trigger('change').removeAttr('skipValidation');
  fields[0]!.trigger('change');
}

/** The browser loads a module once. */
async function load(): Promise<Dialogs> {
  const address = new URL(ADDRESS, document.baseURI).href;
  return (await import(address)) as Dialogs;
}
