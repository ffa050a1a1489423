import { randomUUID } from 'node:crypto';
import type { Connection } from '../../../src/account/connection.js';
import type { DeviceCode, LoginProgress } from '../../../src/api/device-login.js';
import type { NanogptConfigConfig } from '../../nanogpt-config/config.js';
import type { SignInProgress } from '../../shared/route-answers.js';

/** Which service an account is of, and where. */
type Address = Pick<NanogptConfigConfig, 'service' | 'baseUrl'>;

/** The account that signs in, and the code that its service gave. */
export interface SignInOptions {
  accountId: string;
  address: Address;
  /** Closed when the sign-in is over. */
  connection: Connection;
  code: DeviceCode;
}

/** How long a ticket is valid, in milliseconds: long enough for closing the dialog and for a deploy. */
const lifetime = 60 * 60_000;

/** How many sign-ins are kept; a new one replaces the oldest. */
const maxSignIns = 20;

/**
 * How long a request of the editor waits for the service, in
 * milliseconds; it is then told that the sign-in is still pending.
 */
const pollTimeout = 10_000;

/** The longest interval between two polls, in milliseconds, whatever the service asks. */
const longestWait = 60_000;

/** RFC 8628 3.5: added to the interval when the service finds it too short. */
const slowDown = 5000;

/**
 * One sign-in, from its code to the key. The secret code and the key
 * reach only the account, never a client of the routes.
 */
export class SignIn {
  readonly ticket = randomUUID();
  readonly accountId: string;
  /** Once the person has approved. */
  apiKey: string | undefined;
  readonly #address: Address;
  readonly #connection: Connection;
  readonly #code: DeviceCode;
  readonly #ended = new AbortController();
  #state: SignInProgress['state'] = 'pending';
  #interval: number;
  #mayPoll = 0;
  #poll: Promise<void> | undefined;

  constructor({ accountId, address, connection, code }: SignInOptions) {
    this.accountId = accountId;
    this.#address = address;
    this.#connection = connection;
    this.#code = code;
    this.#interval = code.interval;
    setTimeout(() => this.#settle('expired'), code.expiresIn).unref();
  }

  /** Whether an account is at the address that the key was made for. */
  isFor({ service, baseUrl }: Address): boolean {
    return this.#address.service === service && this.#address.baseUrl.trim() === String(baseUrl).trim();
  }

  /** Polls the service, unless it is too early or a poll is under way. */
  async poll(): Promise<SignInProgress> {
    if (this.#isWaiting) {
      if (performance.now() >= this.#mayPoll) this.#poll ??= this.#ask().finally(() => (this.#poll = undefined));
      await Promise.race([this.#poll, sleep(pollTimeout)]);
    }
    return { state: this.#state, wait: Math.max(0, Math.ceil(this.#mayPoll - performance.now())) };
  }

  /** Forgets the key and ends the login. */
  end(): void {
    this.#settle('gone');
    this.apiKey = undefined;
  }

  async #ask(): Promise<void> {
    try {
      const { login } = await this.#connection.open();
      const progress = await login.poll(this.#code.deviceCode, this.#ended.signal);
      if (progress.state !== 'approved') this.#slowDown(progress);
      else if (this.#isWaiting) this.apiKey = progress.apiKey;
      this.#settle(progress.state === 'slow_down' ? 'pending' : progress.state);
    } catch {
      this.#settle('failed');
    }
    this.#mayPoll = performance.now() + this.#interval;
  }

  #slowDown({ state, retryAfter = 0 }: Exclude<LoginProgress, { state: 'approved' }>): void {
    if (state === 'slow_down') this.#interval += slowDown;
    if (state === 'unanswered') this.#interval = Math.min(this.#interval * 2, longestWait);
    this.#interval = Math.max(this.#interval, Math.min(retryAfter, longestWait));
  }

  get #isWaiting(): boolean {
    return this.#state === 'pending' || this.#state === 'unanswered';
  }

  /** The first final state counts; after it nothing is polled. */
  #settle(state: SignInProgress['state']): void {
    if (!this.#isWaiting) return;
    this.#state = state;
    if (this.#isWaiting) return;
    this.#ended.abort(new Error('The sign-in has ended.'));
    this.#connection.close();
  }
}

/** The sign-ins by their tickets. */
class SignIns {
  readonly #byTicket = new Map<string, SignIn>();

  add(signIn: SignIn): void {
    this.#byTicket.set(signIn.ticket, signIn);
    setTimeout(() => this.end(signIn.ticket), lifetime).unref();
    const [oldest] = this.#byTicket.keys();
    if (this.#byTicket.size > maxSignIns && oldest !== undefined) this.end(oldest);
  }

  find(ticket: string): SignIn | undefined {
    return this.#byTicket.get(ticket);
  }

  end(ticket: string): void {
    this.#byTicket.get(ticket)?.end();
    this.#byTicket.delete(ticket);
  }
}

/** Those of this process. */
export const signIns = new SignIns();

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
