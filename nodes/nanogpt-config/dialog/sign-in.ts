import { fieldValue, findForm } from '../../shared/editor/field-value.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { currentSettings, STORED } from '../../shared/editor/settings.js';
import { setTicket, readTicket } from '../../shared/editor/tickets.js';
import { openTab } from './new-tab.js';
import { chosenService } from './services.js';
import { SignInRow } from './sign-in-row.js';

declare const RED: EditorRed;

interface Started {
  ticket: string;
  /** What the person compares with the page. */
  code: string;
  page: string;
  /** Milliseconds before the first poll. */
  wait: number;
}

interface Progress {
  state: 'pending' | 'unanswered' | 'approved' | 'denied' | 'expired' | 'used' | 'failed' | 'gone';
  /** Milliseconds before the next poll. */
  wait: number;
}

/** The sign-in of an open dialog. */
interface SignIn {
  node: EditedNode;
  ended: AbortController;
  /** Which server the key is for. */
  server: string;
  /** What stood for the key of the account before. */
  before: { ticket: string | undefined; key: string };
  ticket?: string;
  isApproved?: boolean;
}

/** By the ids of the accounts. */
const signIns = new Map<string, SignIn>();

/** Milliseconds until Node-RED is asked again that has not answered. */
const RETRY = 5000;

/** The button that gets a key from NanoGPT: a person approves a code on its page. The key itself never comes here. */
export function signInButton(node: EditedNode): void {
  const key = $('#node-config-input-apiKey');
  const row = new SignInRow({
    start: () => void start(),
    cancel() {
      drop(node.id);
      row.rest();
    },
  });
  const service = $('#node-config-input-service');
  service.on('change', () => $('#nanogpt-sign-in').toggle(chosenService() === 'nanogpt'));

  findForm(node).on('input change', () => {
    const signIn = signIns.get(node.id);
    if (signIn && signIn.server !== currentServer(node)) {
      drop(node.id);
      if (signIn.isApproved) key.val(signIn.before.key).trigger('change');
      row.rest('fa-exclamation-triangle', node._('signIn.elsewhere'));
    } else if (signIn?.isApproved && key.val() !== STORED) {
      drop(node.id);
      row.rest();
    }
  });

  async function start(): Promise<void> {
    const tab = openTab(node._('signIn.starting'));
    const earlier = signIns.get(node.id);
    drop(node.id);
    if (earlier) key.val(earlier.before.key).trigger('change');
    const before = { ticket: readTicket(node.id), key: String(key.val()) };
    const signIn: SignIn = { node, ended: new AbortController(), server: currentServer(node), before };
    signIns.set(node.id, signIn);
    row.wait(node._('signIn.starting'));
    const { signal } = signIn.ended;
    const body = { account: currentSettings(node) };
    const started = await callRoute<Started>(node, 'nanogpt-config/sign-in/start', body, signal);
    if (signal.aborted || started.problem) tab?.close();
    if (signal.aborted) return;
    if (started.problem) return fail(translate(node, started.problem));
    signIn.ticket = started.ticket;
    row.link(started.page);
    row.wait(node._('signIn.confirm'), started.code);
    tab?.go(started.page);
    await wait(signIn, started);
  }

  async function wait(signIn: SignIn, { ticket, code, wait: first }: Started): Promise<void> {
    const { signal } = signIn.ended;
    for (let next = first; await isOver(next, signal);) {
      if (!row.isOpen) return drop(node.id);
      const progress = await callRoute<Progress>(node, 'nanogpt-config/sign-in/poll', { ticket }, signal);
      if (signal.aborted) return;
      next = progress.problem ? RETRY : progress.wait;
      if (progress.problem) row.wait(translate(node, progress.problem), code);
      else if (progress.state === 'pending') row.wait(node._('signIn.confirm'), code);
      else if (progress.state === 'unanswered') row.wait(node._('signIn.unanswered'), code);
      else if (progress.state === 'approved') return approve(signIn, ticket);
      else return fail(node._(`signIn.${progress.state}`));
    }
  }

  function approve(signIn: SignIn, ticket: string): void {
    signIn.isApproved = true;
    signIn.before.key = String(key.val());
    setTicket(node.id, ticket);
    row.rest('fa-check-circle', node._('signIn.approved'), $('#nanogpt-check'));
    key.val(STORED).trigger('change');
  }

  function fail(text: string): void {
    drop(node.id);
    row.rest('fa-exclamation-triangle', text);
  }
}

/**
 * Has the runtime put the key of the dialog's sign-in into the credentials of its account; true where there is one. For
 * the editor the account then has a stored key, and the deploy restarts it.
 */
export function saveSignIn(node: EditedNode): boolean {
  const signIn = signIns.get(node.id);
  if (!signIn?.isApproved) {
    drop(node.id);
    if (fieldValue(node, 'apiKey') !== STORED) forget(node);
    return false;
  }
  signIns.delete(node.id);
  node.credentials = { ...node.credentials, apiKey: STORED };
  void redeem(node, signIn.ticket!);
  return true;
}

/** Drops the sign-in of a dialog that is closed without its changes. */
export function cancelSignIn(id: string): void {
  drop(id);
}

async function redeem(node: EditedNode, ticket: string): Promise<void> {
  const answer = await callRoute<{ isStored: boolean }>(node, 'nanogpt-config/sign-in/redeem', { ticket });
  if (answer.problem) RED.notify(translate(node, answer.problem), 'error');
  else if (!answer.isStored) RED.notify(node._('signIn.notStored'), 'error');
}

/** Gives up the sign-in of a dialog; one that was there before it counts again. */
function drop(id: string): void {
  const signIn = signIns.get(id);
  if (!signIn) return;
  signIns.delete(id);
  signIn.ended.abort();
  setTicket(id, signIn.before.ticket);
  if (signIn.ticket !== undefined) void cancel(signIn.node, signIn.ticket);
}

/** The key of an earlier sign-in is not wanted any more: another one was typed. */
function forget(node: EditedNode): void {
  const ticket = readTicket(node.id);
  setTicket(node.id, undefined);
  if (ticket !== undefined) void cancel(node, ticket);
}

function cancel(node: EditedNode, ticket: string): Promise<unknown> {
  return callRoute(node, 'nanogpt-config/sign-in/cancel', { ticket });
}

function currentServer(node: EditedNode): string {
  return `${chosenService()} ${fieldValue(node, 'baseUrl').trim()}`;
}

/** Resolves with whether the time has passed before the signal aborted. */
function isOver(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(!signal.aborted), milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
