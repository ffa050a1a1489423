import { paidServices } from '../../../src/api/services.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/**
 * Whether an account lacks the key that its service needs, as after an import: keys are never exported. The editor
 * learns of a stored key when a dialog opens; until then it is fetched through the editor's own route. A variable
 * counts as a key.
 */
async function lacksKey(account: EditedNode<{ service?: string }>): Promise<boolean> {
  if (!paidServices.includes(account.service ?? 'nanogpt')) return false;
  const { apiKey, has_apiKey: isStored } = account.credentials ?? (await storedCredentials(account));
  return !(apiKey ?? isStored);
}

/** Warns below the account of an image node that it has no key, with a button that opens it. */
export function warnOfMissingKey(): void {
  const field = $('#node-input-account');
  const line = $('#nanogpt-no-key').hide();
  $('#nanogpt-open-account').on('click', () => $('#node-input-btn-account-edit').trigger('click'));

  const show = async (): Promise<void> => {
    const id = String(field.val());
    const account = RED.nodes.node(id);
    const isLacking = !!account && (await lacksKey(account));
    if (String(field.val()) === id) line.toggle(isLacking);
  };
  field.on('change', () => void show());
}

/** Where they cannot be fetched, there is no warning. */
async function storedCredentials({ type, id }: EditedNode): Promise<Record<string, unknown>> {
  try {
    return (await $.getJSON(`credentials/${type}/${id}`)) as Record<string, unknown>;
  } catch {
    return { has_apiKey: true };
  }
}
