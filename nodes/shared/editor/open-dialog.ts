import { fieldPrefix, findForm } from './field-value.js';
import type { EditedNode, EditorRed } from './red.js';

declare const RED: EditorRed;

/** The URL of the dialogs' code, which the build writes. */
const ADDRESS = 'resources/@flow-easel/node-red-nanogpt/dialogs.js';

/** The dialog of one type of node. */
interface Dialog {
  /** Sets up its fields. */
  prepare(node: EditedNode): void;
  /** Called before the editor takes the fields over; true = the node counts as changed. */
  save?(node: EditedNode): boolean;
  /** Called where the changes are dropped. */
  cancel?(id: string): void;
}

/** The dialogs by type of node. */
type Dialogs = Record<string, Dialog>;

/** What was loaded when the first dialog opened. */
let loaded: Dialogs | undefined;

/**
 * Sets up a dialog that opens, with code that is loaded when the first one opens. The form is `aria-busy` until then.
 */
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

/** Whether the node has changed in a way that its fields do not show. */
export function saveDialog(node: EditedNode): boolean {
  return loaded?.[node.type]?.save?.(node) ?? false;
}

/** Drops what the dialog of a node has begun. */
export function cancelDialog(type: string, id: string): void {
  loaded?.[type]?.cancel?.(id);
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
  return (loaded = (await import(address)) as Dialogs);
}
