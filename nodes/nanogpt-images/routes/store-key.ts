import type { NodeAPI } from 'node-red';
import { deployedAccount } from './deployed-account.js';
import { type SignIn, signIns } from './sign-ins.js';

/** The credentials of an account as Node-RED keeps them. */
interface Credentials {
  apiKey?: string;
}

/** Functions that stop watching the key of an account, by the account's id. */
const watches = new Map<string, () => void>();

/**
 * Puts the key of a sign-in into the credentials of its account and keeps it there until the account has started with
 * it: a deploy that does not contain the account yet deletes its credentials. False where there is no key, or the id
 * belongs to another type of node.
 */
export function storeKey(RED: NodeAPI, signIn: SignIn): boolean {
  const { accountId, apiKey } = signIn;
  if (apiKey === undefined || ![undefined, 'nanogpt-config'].includes(findType(RED, accountId))) return false;
  writeKey(RED, accountId, apiKey);
  watch(RED, signIn);
  return true;
}

/** Checks the key after every deploy, until the account has started or the ticket has ended. */
function watch(RED: NodeAPI, { accountId, ticket }: SignIn): void {
  watches.get(accountId)?.();
  const check = (): void => {
    const apiKey = signIns.find(ticket)?.apiKey;
    if (apiKey === undefined) return stop();
    if (!hasStarted(RED, accountId, apiKey)) return;
    stop();
    signIns.end(ticket);
  };
  const stop = (): void => {
    RED.events.off('flows:started', check);
    watches.delete(accountId);
  };
  watches.set(accountId, stop);
  RED.events.on('flows:started', check);
}

/** Adds the key again where it was deleted. A different key, typed since, counts as a start too. */
function hasStarted(RED: NodeAPI, id: string, apiKey: string): boolean {
  const stored = readKey(RED, id);
  if (stored === undefined) writeKey(RED, id, apiKey);
  if (stored !== undefined && stored !== apiKey) return true;
  const node = deployedAccount(RED, id);
  // One that is disabled or in a subflow's template has its key when it starts.
  if (!node) return stored !== undefined && findType(RED, id) !== undefined;
  if (!node.credentials?.apiKey) node.useKey(apiKey);
  return node.credentials?.apiKey === apiKey;
}

function readKey(RED: NodeAPI, id: string): string | undefined {
  return (RED.nodes.getCredentials(id) as Credentials | undefined)?.apiKey;
}

function writeKey(RED: NodeAPI, id: string, apiKey: string): void {
  const credentials = { ...(RED.nodes.getCredentials(id) as Credentials | undefined), apiKey };
  RED.nodes.addCredentials(id, credentials).catch(() => undefined);
}

/** The type of the node of that id in the deployed flows. */
function findType(RED: NodeAPI, id: string): string | undefined {
  let type: string | undefined;
  RED.nodes.eachNode((definition) => {
    if (definition.id === id) type = definition.type;
  });
  return type;
}
