import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ChargeBudget } from '../account/charge.js';
import type { Limiter } from '../account/send-request.js';
import { defined } from '../defined.js';
import type { Slot } from '../queue/rate-limiter.js';
import { type ExpectedCost, pricePerImage, type Reservation, shortPrompt } from '../spending/budget.js';
import { currency } from '../spending/currency.js';
import type { LedgerEntry, Settlement } from '../spending/ledger-file.js';
import type { Ledger } from '../spending/ledger.js';
import { readAmount, readCost } from '../spending/totals.js';
import type { Member } from './member.js';
import { LostRequest, type Permission, type SendPermission, toRefusal } from './permission.js';
import { fromMillionths, toMillionths } from './millionths.js';
import { newToken } from './state-script.js';
import { againWhileAway, pauseBeforeRetry } from './until-back.js';

/** A worker asks again for permission at least this often, in milliseconds, and thereby keeps its place. */
const mostWait = 1000;

/** What was to be sent ends where Redis does not answer so often. */
const mostTriesToSend = 3;

/** What an attempt has come to so far. */
interface Attempt {
  token: string;
  /** What is booked for it, in millionths. */
  amount: number;
  notRequested: number;
  entry?: LedgerEntry;
  written: Promise<void>;
}

export interface LeaseOptions {
  member: Member;
  ledger: Ledger;
  id: string;
  images: number;
  /** For one attempt, in milliseconds. */
  timeout: number;
  timezone: string;
  /** Of the request, as they lie in Redis. */
  fields: Record<string, string | number>;
  /** Resolves when it is worth asking again, after so many milliseconds at the latest. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Tells the asker that the request waits, and for how many milliseconds where that is known. */
  onWait(milliseconds?: number): void;
}

/** A worker's hold on one request: what allows each attempt of it, and what books it. */
export class Lease {
  readonly #options: LeaseOptions;
  #attempt: Attempt | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  readonly limiter: Limiter = {
    nextSequence: () => 0,
    acquire: async ({ signal }) => {
      await this.#endAttempt(signal);
      return this.#reserve(signal);
    },
    pause: (milliseconds) => {
      this.#options.member.call('pause', { milliseconds: Math.ceil(milliseconds) }).catch(() => undefined);
    },
  };

  get budget(): ChargeBudget {
    const isLimited = Object.keys(this.#options.member.limits?.budgets ?? {}).length > 0;
    return { isLimited, reserve: (expected, signal) => this.#send(expected, signal) };
  }

  /** What the script needs to end the request, and whether an attempt of it has begun. */
  end(): { token: string; amount: number; notRequested: number; written: Promise<void> } & Partial<KnownCost> {
    const { token = '', amount = 0, notRequested = 0, written = Promise.resolve(), entry } = this.#attempt ?? {};
    return { token, amount, notRequested, written, ...knownCost(entry) };
  }

  /** Waits for a slot, the images of the minute and the end of a pause. */
  async #reserve(signal: AbortSignal): Promise<Slot> {
    const { member, id, wait, onWait } = this.#options;
    const token = newToken();
    let told: number | undefined = -Infinity;
    for (;;) {
      signal.throwIfAborted();
      // The answer that was lost may have been yes.
      const answer = await againWhileAway(member, {
        ask: () => member.call<Permission>('reserve', { id, token }),
        pause: (milliseconds) => wait(milliseconds, signal),
      });
      if (answer.go) break;
      if (answer.wait === undefined) throw new LostRequest(answer.state);
      const { because } = answer;
      const left = because === 'pause' || because === 'rate' ? answer.wait : undefined;
      const until = left === undefined ? undefined : performance.now() + left;
      const isNews = until === undefined || told === undefined ? until !== told : Math.abs(until - told) > 1000;
      if (isNews) {
        told = until;
        onWait(left);
      }
      await wait(Math.min(answer.wait, mostWait), signal);
    }
    const attempt = { token, amount: 0, notRequested: 0, written: Promise.resolve() };
    this.#attempt = attempt;
    // The attempt ends in Redis with the next one or with the request.
    return { release: (notRequested = 0) => void (attempt.notRequested ||= notRequested) };
  }

  /** Gives slot and place back before the next attempt. */
  async #endAttempt(signal: AbortSignal): Promise<void> {
    const attempt = this.#attempt;
    if (!attempt) return;
    const { member, id } = this.#options;
    const { token, amount, notRequested, entry } = attempt;
    await attempt.written;
    const isUnknown = entry?.settlement?.at === 'unknown';
    const ended = {
      ...{ id, token, amount, notRequested, outcome: isUnknown ? 'unknown' : 'free' },
      ...defined({ isUnknown: isUnknown || undefined }),
    };
    const answer = await againWhileAway(member, {
      ask: () => member.call<Permission>('retry', ended),
      pause: () => pauseBeforeRetry(signal),
    });
    member.open.delete(id);
    this.#attempt = undefined;
    if (answer.state !== 'queued') throw new LostRequest(answer.state);
  }

  /** Books the estimate in Redis, then in the ledger; only then the request may go out. */
  async #send(expected: ExpectedCost, signal: AbortSignal): Promise<Reservation> {
    const { member, ledger, timezone, wait } = this.#options;
    await ledger.load();
    for (;;) {
      signal.throwIfAborted();
      const answer = await this.#askToSend(expected, signal);
      if ('settle' in answer) return answer;
      if (answer.clock !== undefined) member.clock.set(answer.clock);
      else if (answer.wait !== undefined) await wait(Math.min(answer.wait, mostWait), signal);
      else throw toRefusal(answer, { now: member.clock.now(), timezone });
    }
  }

  /** A yes that was lost is given again, as long as the request has not been given up. */
  #askToSend(expected: ExpectedCost, signal: AbortSignal): Promise<Reservation | SendPermission> {
    return againWhileAway(this.#options.member, {
      ask: () => this.#bookToSend(expected),
      pause: () => pauseBeforeRetry(signal),
      mostTries: mostTriesToSend,
    });
  }

  #bookToSend(expected: ExpectedCost): Promise<Reservation | SendPermission> {
    const { member, ledger, id, timeout } = this.#options;
    const { model, n, price } = expected;
    const each = pricePerImage(price, ledger.averagePrice(model));
    const asked = {
      ...{ id, token: this.#attempt!.token, model, images: n, timeout },
      ...defined({ price: each === undefined ? undefined : toMillionths(each) }),
    };
    return member.book<SendPermission, Reservation | SendPermission>('send', asked, (permission) =>
      permission.go ? this.#record(expected, permission) : permission,
    );
  }

  async #record({ model, n, prompt, nodeId }: ExpectedCost, answer: SendPermission): Promise<Reservation> {
    const { member, ledger, id, fields } = this.#options;
    const attempt = this.#attempt!;
    const { amount, unpriced = false, now, deadline } = answer;
    attempt.amount = amount ?? 0;
    const entry: LedgerEntry = {
      ...{ id: randomUUID(), time: now, model, n, currency },
      ...defined({
        estimate: amount === undefined ? undefined : fromMillionths(amount),
        prompt: shortPrompt(prompt),
        nodeId,
      }),
    };
    attempt.entry = entry;
    const written = ledger.record(entry);
    const known = { ...fields, state: 'sent', token: attempt.token, worker: member.nonce, instance: member.id, model };
    member.open.set(id, {
      ...{ id, token: attempt.token, amount: attempt.amount },
      fields: { ...known, sentAt: now, deadline, charged: n, periods: JSON.stringify(member.clock.namePeriods(now)) },
    });
    await written;
    return {
      id: entry.id,
      isUnpriced: unpriced,
      settle: (settlement) => this.#settle(attempt, entry, settlement),
    };
  }

  #settle(attempt: Attempt, entry: LedgerEntry, settlement: Settlement): void {
    const { ledger, member, id } = this.#options;
    if (isDeepStrictEqual(entry.settlement, settlement)) return;
    attempt.written = ledger.settle(entry, settlement).catch(() => undefined);
    attempt.amount = toMillionths(readAmount(entry, readCost(entry)));
    const open = member.open.get(id);
    if (open) open.amount = attempt.amount;
  }
}

interface KnownCost {
  cost: number;
  images: number;
  isUnknown: true;
}

/** The cost for what a model is learned to cost, in millionths; or that it is not known. */
function knownCost(entry: LedgerEntry | undefined): Partial<KnownCost> {
  if (!entry?.settlement || entry.settlement.at === 'free') return {};
  const cost = readCost(entry);
  return cost === undefined ? { isUnknown: true } : { cost: toMillionths(cost), images: entry.n };
}
