import { ImageError } from '../errors.js';
import { asObject, isObject, toNumber } from '../json.js';
import type { Client } from './client.js';
import type { Endpoint } from './endpoint.js';
import { jsonBody } from './http/body.js';

/** A login that waits for a person to approve it. */
export interface DeviceCode {
  /** Secret: it is exchanged for the key. */
  deviceCode: string;
  /** What the person compares with the page. */
  userCode: string;
  /** The page where the person approves it. */
  page: string;
  /** Milliseconds until the code expires. */
  expiresIn: number;
  /** Milliseconds between two polls. */
  interval: number;
}

/** What became of a login; `slow_down` and `unanswered` still wait for the person. */
export type LoginProgress =
  | { state: 'approved'; apiKey: string }
  | { state: 'pending' | 'slow_down' | 'unanswered' | 'denied' | 'expired' | 'used'; retryAfter?: number };

/** Longest name of a client, in characters (NanoGPT docs: CLI login). */
const longestName = 64;

/** Seconds, for what an answer leaves out (RFC 8628 3.2). */
const usual = { interval: 5, expiresIn: 600 };

/** The documented statuses, and the codes of RFC 8628 3.5, which count under any status. The first that fits counts. */
const outcomes = [
  { state: 'pending', statuses: [202], words: /authorization_pending/ },
  { state: 'slow_down', statuses: [429], words: /slow_down/ },
  { state: 'denied', statuses: [403], words: /access_denied|\bdenied\b/ },
  { state: 'used', statuses: [409], words: /\bconsumed\b/ },
  { state: 'expired', statuses: [404, 410], words: /expired|invalid_code/ },
] as const;

/**
 * NanoGPT's login without a key: a person approves a code on the service's page, and the caller gets a key (NanoGPT
 * docs: CLI login; RFC 8628).
 */
export class DeviceLogin {
  readonly #endpoint: Endpoint;
  readonly #client: Pick<Client, 'fetchJson'>;

  constructor(endpoint: Endpoint, client: Pick<Client, 'fetchJson'>) {
    this.#endpoint = endpoint;
    this.#client = client;
  }

  /**
   * Asks for a code. The service names the key in the person's account
   * after the client; the same name gives the same key.
   *
   * @throws ImageError where the service has no login, or does not answer.
   */
  async start(clientName: string, signal: AbortSignal): Promise<DeviceCode> {
    const body = { client_name: [...clientName].slice(0, longestName).join('') };
    const answer = await this.#post('start', body, signal).catch((error: unknown) => {
      throw error instanceof ImageError && hasNoRoute(error) ? new ImageError('not_configured', 'no_sign_in') : error;
    });
    const code = isObject(answer) ? readCode(answer, new URL(this.#endpoint.root)) : undefined;
    if (!code) throw new ImageError('bad_response', 'sign_in_unreadable', {}, { charged: 'no' });
    return code;
  }

  /**
   * Asks once whether the person has approved the code. A key is handed out a single time: do not abort this for less
   * than the end of the login.
   *
   * @throws ImageError for an answer that no login gives; it never holds the code.
   */
  async poll(deviceCode: string, signal: AbortSignal): Promise<LoginProgress> {
    try {
      return readProgress(await this.#post('poll', { device_code: deviceCode }, signal));
    } catch (error) {
      signal.throwIfAborted();
      return readRefusal(error);
    }
  }

  #post(name: 'start' | 'poll', body: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    const { dialect, basic } = this.#endpoint;
    if (dialect.login === undefined) throw new ImageError('not_configured', 'no_sign_in');
    const headers: Record<string, string> = basic === undefined ? {} : { authorization: basic };
    const request = { path: `${dialect.login}/${name}`, method: 'POST', headers, body: jsonBody(body) } as const;
    return this.#client.fetchJson(request, 'sign-in', signal);
  }
}

function hasNoRoute({ details: { status = 0 } }: ImageError): boolean {
  return [404, 405, 501].includes(status) || (status >= 300 && status < 400);
}

function readCode(answer: Record<string, unknown>, root: URL): DeviceCode | undefined {
  const { device_code: deviceCode, user_code: userCode, expires_in, interval } = answer;
  const page = [answer.verification_uri_complete, answer.verification_uri].find((text) => isPage(text, root));
  if (typeof deviceCode !== 'string' || deviceCode === '') return undefined;
  if (typeof userCode !== 'string' || !/^[\x21-\x7e]{1,40}$/.test(userCode) || typeof page !== 'string')
    return undefined;
  return {
    deviceCode,
    userCode,
    page,
    expiresIn: positive(expires_in, usual.expiresIn) * 1000,
    interval: positive(interval, usual.interval) * 1000,
  };
}

/** The editor opens it: no `javascript:`, and no plain http where the service itself has https. */
function isPage(text: unknown, { protocol }: URL): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  return ['https:', protocol].includes(new URL(text).protocol);
}

function positive(value: unknown, otherwise: number): number {
  const number = toNumber(value);
  return number !== undefined && number > 0 ? number : otherwise;
}

function readProgress(answer: unknown): LoginProgress {
  const { status, error, key } = asObject(answer);
  const apiKey = typeof key === 'string' ? key.trim() : '';
  if (/^[\x21-\x7e]{1,500}$/.test(apiKey)) return { state: 'approved', apiKey };
  const outcome = outcomes.find(({ words }) => words.test(`${String(status)} ${String(error)}`));
  if (!outcome) throw new ImageError('bad_response', 'sign_in_unreadable', {}, { charged: 'no' });
  return { state: outcome.state };
}

/** A connection that fails is tried again (RFC 8628 3.5). */
function readRefusal(error: unknown): LoginProgress {
  if (!(error instanceof ImageError)) throw error;
  const { details, params } = error;
  const { status, retryAfter } = details;
  const words = String(params.detail);
  const outcome =
    outcomes.find((each) => each.words.test(words)) ??
    outcomes.find(({ statuses }) => (statuses as readonly unknown[]).includes(status));
  const wait = retryAfter === undefined ? {} : { retryAfter: retryAfter * 1000 };
  if (outcome) return { state: outcome.state, ...wait };
  if (['unreachable', 'timed_out', 'connection_lost', 'server_failed', 'rate_limited'].includes(error.code))
    return { state: 'unanswered', ...wait };
  if (error.key === 'sign_in_unreadable' || status === undefined) throw error;
  throw new ImageError('rejected', 'sign_in_failed', { status }, { status });
}
