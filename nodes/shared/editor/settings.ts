import type { EditedNode, Property, Setting } from './red.js';
import { currentValue } from './field-value.js';

/** The settings of a node under the names they are saved with, its id, and the flow it is in. */
export type Settings = Record<string, Setting>;

/** An account as the admin routes take it, deployed or not. */
export interface PostedAccount {
  account: Settings;
  /** Only where one was typed since the last deploy: a stored key never reaches the browser. */
  apiKey?: string;
}

/** What the editor shows in the place of a stored password. */
const STORED = '__PWRD__';

/** All settings of a node as they are just now: the fields of its open dialog, else what is saved, else the default. */
export function currentSettings(node: EditedNode): Settings {
  const defaults = Object.entries(node._def.defaults as Record<string, Property<Setting>>);
  return {
    id: node.id,
    z: node.z,
    ...Object.fromEntries(defaults.map(([name, { value }]) => [name, currentValue(node, name) ?? value])),
  };
}

/** An account for the admin routes, as it is just now: in its open dialog, else as it was closed. A key that was deleted goes along, too: as ''. */
export function postedAccount(account: EditedNode): PostedAccount {
  const key = currentValue(account, 'apiKey') ?? account.credentials?.apiKey;
  const isTyped =
    typeof key === 'string' && key !== STORED && (key !== '' || account.credentials?.has_apiKey !== undefined);
  return { account: currentSettings(account), ...(isTyped && { apiKey: key }) };
}
