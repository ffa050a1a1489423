import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { HttpErrorBody } from './simulated-errors.js';

/** A login as its client sees it (NanoGPT docs: CLI login). */
export interface StartedLogin {
  device_code: string;
  user_code: string;
  expires_in: number;
  interval: number;
}

/** What a client gets that asks for its key. */
export interface PolledLogin {
  status: 200 | 202 | HttpErrorBody['status'] | 409 | 410;
  body: Record<string, unknown>;
}

interface Login {
  clientName: string;
  userCode: string;
  until: number;
  state: 'pending' | 'approved' | 'denied' | 'consumed';
  lastPoll: number;
}

const times = { expiresIn: 600, interval: 2 };

/** Logins kept at a time; the oldest gives way. */
const maxLogins = 100;

/** No letter or digit in it looks like another. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Plays the login by which a client gets a key: a person approves its code on a page. The keys open nothing. */
export class Logins {
  readonly #now: () => number;
  readonly #byDevice = new Map<string, Login>();
  /** The same name of a client gives the same key. */
  readonly #keys = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  start(clientName: string): StartedLogin {
    const deviceCode = randomBytes(32).toString('base64url');
    const userCode = `${randomLetters(4)}-${randomLetters(4)}`;
    const until = this.#now() + times.expiresIn * 1000;
    this.#byDevice.set(deviceCode, { clientName, userCode, until, state: 'pending', lastPoll: -Infinity });
    const [oldest] = this.#byDevice.keys();
    if (this.#byDevice.size > maxLogins) this.#byDevice.delete(oldest!);
    return { device_code: deviceCode, user_code: userCode, expires_in: times.expiresIn, interval: times.interval };
  }

  poll(deviceCode: string): PolledLogin {
    const login = this.#byDevice.get(deviceCode);
    const now = this.#now();
    if (!login) return { status: 404, body: { error: 'invalid_code' } };
    if (login.state === 'consumed') return { status: 409, body: { error: 'consumed' } };
    if (now > login.until) return { status: 410, body: { error: 'expired' } };
    if (login.state === 'denied') return { status: 403, body: { error: 'access_denied' } };
    const isEarly = now - login.lastPoll < (times.interval * 1000) / 2;
    login.lastPoll = now;
    if (isEarly) return { status: 429, body: { error: 'slow_down' } };
    if (login.state === 'pending') return { status: 202, body: { status: 'authorization_pending' } };
    login.state = 'consumed';
    return { status: 200, body: { status: 'approved', key: this.#keyFor(login.clientName) } };
  }

  /** The client that waits with that code; undefined where there is none. */
  clientOf(userCode: string): string | undefined {
    return this.#waiting(userCode)?.clientName;
  }

  /** What the person decides; false where no client waits with that code. */
  decide(userCode: string, state: 'approved' | 'denied'): boolean {
    const login = this.#waiting(userCode);
    if (login) login.state = state;
    return login !== undefined;
  }

  #waiting(userCode: string): Login | undefined {
    return [...this.#byDevice.values()].find(
      (login) => login.userCode === userCode && login.state === 'pending' && this.#now() <= login.until,
    );
  }

  #keyFor(clientName: string): string {
    const key = this.#keys.get(clientName) ?? `sk-nano-${randomUUID()}`;
    if (this.#keys.size < maxLogins) this.#keys.set(clientName, key);
    return key;
  }
}

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');
}
