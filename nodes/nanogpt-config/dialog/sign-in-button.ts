import { findForm } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { storedPassword, currentSettings } from '../../shared/editor/settings.js';
import { setTicket } from '../../shared/editor/tickets.js';
import type { SignInProgress, StartedSignIn } from '../../shared/route-answers.js';
import { openTab } from './new-tab.js';
import { chosenService } from './services.js';
import { type SignIn, beginSignIn, currentAddress, dropSignIn, findSignIn } from './sign-in.js';
import { SignInRow } from './sign-in-row.js';

/** Milliseconds until Node-RED is asked again that has not answered. */
const RETRY = 5000;

/** The button that gets a key from NanoGPT: a person approves a code on its page. The key itself never comes here. */
export class SignInButton {
  readonly #node: EditedNode;
  readonly #key = $('#node-config-input-apiKey');
  readonly #row: SignInRow;

  constructor(node: EditedNode) {
    this.#node = node;
    this.#row = new SignInRow({
      start: () => void this.#start(),
      cancel: () => {
        dropSignIn(node.id);
        this.#row.rest();
      },
    });
    const service = $('#node-config-input-service');
    service.on('change', () => $('#nanogpt-sign-in').toggle(chosenService() === 'nanogpt'));
    findForm(node).on('input change', () => this.#checkSignIn());
  }

  /** Another address, or another key in the field, ends the sign-in. */
  #checkSignIn(): void {
    const signIn = findSignIn(this.#node);
    if (!signIn) return;
    if (signIn.address !== currentAddress(this.#node)) {
      dropSignIn(this.#node.id);
      if (signIn.isApproved) this.#setKey(signIn.before.key);
      this.#row.rest('fa-exclamation-triangle', this.#node._('signIn.elsewhere'));
    } else if (signIn.isApproved && this.#key.val() !== storedPassword) {
      dropSignIn(this.#node.id);
      this.#row.rest();
    }
  }

  async #start(): Promise<void> {
    const node = this.#node;
    const tab = openTab(node._('signIn.starting'));
    const signIn = this.#replaceEarlier();
    const { signal } = signIn.ended;
    this.#row.wait(node._('signIn.starting'));
    const body = { account: currentSettings(node) };
    const started = await callRoute<StartedSignIn>(node, 'nanogpt-config/sign-in/start', body, signal);
    if (signal.aborted || started.problem) tab?.close();
    if (signal.aborted) return;
    if (started.problem) return this.#fail(translate(node, started.problem));
    signIn.ticket = started.ticket;
    this.#row.link(started.page);
    this.#row.wait(node._('signIn.confirm'), started.code);
    tab?.go(started.page);
    await this.#poll(signIn, started);
  }

  #replaceEarlier(): SignIn {
    const earlier = findSignIn(this.#node);
    dropSignIn(this.#node.id);
    if (earlier) this.#setKey(earlier.before.key);
    return beginSignIn(this.#node, String(this.#key.val()));
  }

  /** Asks until the person has approved the code or cannot any more. */
  async #poll(signIn: SignIn, { ticket, code, wait }: StartedSignIn): Promise<void> {
    const { signal } = signIn.ended;
    for (let next = wait; await isOver(next, signal);) {
      if (!this.#row.isOpen) return dropSignIn(this.#node.id);
      const progress = await callRoute<SignInProgress>(this.#node, 'nanogpt-config/sign-in/poll', { ticket }, signal);
      if (signal.aborted) return;
      next = progress.problem ? RETRY : progress.wait;
      if (progress.problem) this.#row.wait(translate(this.#node, progress.problem), code);
      else if (progress.state === 'pending') this.#row.wait(this.#node._('signIn.confirm'), code);
      else if (progress.state === 'unanswered') this.#row.wait(this.#node._('signIn.unanswered'), code);
      else if (progress.state === 'approved') return this.#approve(signIn, ticket);
      else return this.#fail(this.#node._(`signIn.${progress.state}`));
    }
  }

  #approve(signIn: SignIn, ticket: string): void {
    signIn.isApproved = true;
    signIn.before.key = String(this.#key.val());
    setTicket(this.#node.id, ticket);
    this.#row.rest('fa-check-circle', this.#node._('signIn.approved'), $('#nanogpt-check'));
    this.#setKey(storedPassword);
  }

  #fail(text: string): void {
    dropSignIn(this.#node.id);
    this.#row.rest('fa-exclamation-triangle', text);
  }

  #setKey(key: string): void {
    this.#key.val(key).trigger('change');
  }
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
