import { toNumber } from '../../json.js';

/** Seconds in each unit of time. */
const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds to wait, from a number of seconds or an HTTP date (RFC 9110
 * 10.2.3); `now` is in milliseconds since the epoch.
 */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = /^\s*(\d+(?:\.\d+)?)\s*s?\s*$/.exec(header)?.[1];
  if (seconds !== undefined) return Number(seconds);
  // Date.parse accepts almost anything with a number in it.
  const date = /\d:\d\d:\d\d/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Seconds to wait, from a number or from text such as `36.5s` or `1m30s`. */
export function readWaitValue(value: unknown): number | undefined {
  const number = toNumber(value);
  if (number !== undefined) return number >= 0 ? number : undefined;
  return typeof value === 'string' && value.length <= longestDuration ? readDuration(value) : undefined;
}

/**
 * Seconds until a limit resets, from the headers that servers send in the place of Retry-After: a duration, a number of
 * seconds, or a time since the epoch in seconds or milliseconds (OpenAI and Azure OpenAI API references; OpenRouter
 * docs; draft-ietf-httpapi-ratelimit-headers). A limit of which something is left is not the one that was hit.
 */
export function readReset(headers: Record<string, string>, now: number): number | undefined {
  const milliseconds = toNumber(headers['retry-after-ms']);
  if (milliseconds !== undefined) return milliseconds / 1000;
  const waits = Object.entries(headers).flatMap(([name, value]) => {
    const [, start, end] = /^((?:x-)?rate-?limit-)reset((?:-(?:requests|images|after))?)$/.exec(name) ?? [];
    const left = toNumber(headers[`${start}remaining${end === '-after' ? '' : end}`]) ?? 0;
    return start === undefined || left > 0 ? [] : (toWait(value, now) ?? []);
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function toWait(value: string, now: number): number | undefined {
  const wait = readWaitValue(value);
  if (wait === undefined || wait < 1e9) return wait;
  return Math.max(0, (wait < 1e12 ? wait * 1000 : wait) - now) / 1000;
}

/** No duration takes more characters. */
const longestDuration = 100;

/** Seconds to wait, from a message: `Please try again in 1m30s`, `will reset after 3 seconds`, `Retry after 20s`. */
export function readRetryAfterText(message: string): number | undefined {
  const found =
    /(?:try again|retry|retrying|resets?|available|wait)(?: again)?(?: (?:in|after|for|within))?:? (?:about |at least )?((?:\d+(?:\.\d+)? ?[a-z]+[ ,]{0,2}){1,4})/i.exec(
      message,
    )?.[1];
  return found === undefined ? undefined : readDuration(found);
}

/** Seconds, from `1m30s`, `6 hours` or `12ms`; units that are unknown are passed over. */
function readDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/gi)].map(([, amount, unit]) =>
    toSeconds(Number(amount), unit!),
  );
  const known = parts.filter((part) => part !== undefined);
  return known.length > 0 ? known.reduce((sum, part) => sum + part, 0) : undefined;
}

/**
 * Seconds until the day ends, where a sentence says that a limit holds until then: `Resets at midnight UTC` (NanoGPT
 * docs: errors).
 */
export function readMidnight(sentence: string, now: number): number | undefined {
  const day = 86_400_000;
  return /resets? (at|on) midnight utc/i.test(sentence) ? Math.ceil((day - (now % day)) / 1000) : undefined;
}

function toSeconds(amount: number, unit: string): number | undefined {
  const name = unit.toLowerCase();
  if (/^(ms|millis)/.test(name)) return amount * units.ms!;
  const factor = /^(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)$/.test(name) ? units[name[0]!] : undefined;
  return factor === undefined ? undefined : amount * factor;
}
