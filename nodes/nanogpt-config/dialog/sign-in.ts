import { fieldValue } from '../../shared/editor/field-value.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { storedPassword } from '../../shared/editor/settings.js';
import { readTicket, setTicket } from '../../shared/editor/tickets.js';
import { chosenService } from './services.js';

declare const RED: EditorRed;

/** The sign-in of an open dialog. */
export interface SignIn {
  node: EditedNode;
  ended: AbortController;
  /** Which service and address the key is for. */
  address: string;
  /** What stood for the key of the account before. */
  before: { ticket: string | undefined; key: string };
  ticket?: string;
  isApproved?: boolean;
}

/** By the ids of the accounts. */
const signIns = new Map<string, SignIn>();

/** Begins the sign-in of a dialog, whose field holds this key. */
export function beginSignIn(node: EditedNode, key: string): SignIn {
  const before = { ticket: readTicket(node.id), key };
  const signIn: SignIn = { node, ended: new AbortController(), address: currentAddress(node), before };
  signIns.set(node.id, signIn);
  return signIn;
}

/** The sign-in of a dialog, approved or not. */
export function findSignIn({ id }: EditedNode): SignIn | undefined {
  return signIns.get(id);
}

/** Gives up the sign-in of a dialog, if there is one; an earlier sign-in counts again. */
export function dropSignIn(id: string): void {
  const signIn = signIns.get(id);
  if (!signIn) return;
  signIns.delete(id);
  signIn.ended.abort();
  setTicket(id, signIn.before.ticket);
  if (signIn.ticket !== undefined) void cancel(signIn.node, signIn.ticket);
}

/**
 * Has the runtime put the key of the dialog's sign-in into the credentials of its account; true where there is one. For
 * the editor the account then has a stored key, and the deploy restarts it.
 */
export function saveSignIn(node: EditedNode): boolean {
  const signIn = signIns.get(node.id);
  if (!signIn?.isApproved) {
    dropSignIn(node.id);
    if (fieldValue(node, 'apiKey') !== storedPassword) forgetEarlier(node);
    return false;
  }
  signIns.delete(node.id);
  node.credentials = { ...node.credentials, apiKey: storedPassword };
  void redeem(node, signIn.ticket!);
  return true;
}

/** Identifies the service and the address that a key would be for now. */
export function currentAddress(node: EditedNode): string {
  return `${chosenService()} ${fieldValue(node, 'baseUrl').trim()}`;
}

async function redeem(node: EditedNode, ticket: string): Promise<void> {
  const answer = await callRoute<{ isStored: boolean }>(node, 'nanogpt-config/sign-in/redeem', { ticket });
  if (answer.problem) RED.notify(translate(node, answer.problem), 'error');
  else if (!answer.isStored) RED.notify(node._('signIn.notStored'), 'error');
}

/** Another key was typed, so that of an earlier sign-in is not needed. */
function forgetEarlier(node: EditedNode): void {
  const ticket = readTicket(node.id);
  setTicket(node.id, undefined);
  if (ticket !== undefined) void cancel(node, ticket);
}

function cancel(node: EditedNode, ticket: string): Promise<unknown> {
  return callRoute(node, 'nanogpt-config/sign-in/cancel', { ticket });
}
