import { defined } from '../../defined.js';
import { isObject, parseJson } from '../../json.js';
import type { Redact } from '../../redact.js';
import { codeKeys, fieldKeys, generic, messageKeys, waitKeys } from './error-keys.js';
import { readWaitValue } from './retry-after.js';

/** The failure in a response, whatever its shape. */
export interface ErrorBody {
  /** The service's own message, redacted and on one line, '' where there is none. */
  message: string;
  /** Its codes, types and names for the failure, in lower case. */
  codes: string[];
  /** The status in the body, where there is one. */
  status?: number;
  requestId?: string;
  /** Seconds to wait before the next try. */
  wait?: number;
  /** It is an error in JSON, not a page or unrelated JSON. */
  isJsonError: boolean;
}

/** How deep and how far a body is searched: no real error is larger, but an attacker's may be. */
const maxDepth = 8;
const maxValues = 400;
const maxItems = 20;
const maxProperties = 50;

/** A longer text is no code, in characters. */
const longestCode = 100;

/** Names of numbers that are a status. */
const statusKeys = ['code', 'status', 'statuscode', 'status_code'];

/**
 * Reads an error from the text of a response: JSON of any shape, HTML, plain text. `redact` gets each text whole,
 * before it is cut: half a prompt would not be recognised.
 */
export function readErrorText(text: string, redact: Redact): ErrorBody {
  const body = parseJson(text);
  if (typeof body === 'object' && body !== null) return readErrorBody(body, redact);
  const line = typeof body === 'string' ? redact(body) : withoutTags(redact(text).slice(0, 4000));
  const nested = readNested(line, redact);
  return { ...nested, message: oneLine(nested.message), isJsonError: false };
}

/** Reads an error from parsed JSON. */
export function readErrorBody(body: object, redact: Redact): ErrorBody {
  const { messages, codes, status, requestId, wait } = new ErrorSearch(body, redact);
  const message = oneLine(messages.find((text) => !generic.test(text)) ?? messages[0] ?? '');
  return {
    message,
    codes,
    ...defined({ status, requestId, wait }),
    isJsonError: message !== '' || codes.length > 0 || status !== undefined,
  };
}

/** Walks a body from the outside in; the values of more specific keys come first. */
class ErrorSearch {
  readonly messages: string[] = [];
  readonly codes: string[] = [];
  status: number | undefined;
  requestId: string | undefined;
  wait: number | undefined;
  readonly #redact: Redact;
  /** How many values may still be looked at. */
  #left = maxValues;

  constructor(body: object, redact: Redact) {
    this.#redact = redact;
    this.#visit(body, '', 0);
    // A message says more than a single word.
    this.messages.sort((one, other) => Number(isWord(one)) - Number(isWord(other)));
  }

  #visit(value: unknown, key: string, depth: number): void {
    if (depth > maxDepth || this.#left-- <= 0) return;
    if (typeof value === 'string') this.#readText(value, key);
    else if (typeof value === 'number') {
      if (statusKeys.includes(key)) this.status ??= value;
    } else if (Array.isArray(value)) this.#visitList(value, key, depth);
    else if (isObject(value)) this.#visitObject(value, key, depth);
  }

  #readText(text: string, key: string): void {
    if (codeKeys.includes(key) && text.length <= longestCode) this.codes.push(text.trim().toLowerCase());
    if (!messageKeys.includes(key) || text.trim() === '') return;
    const { message, codes } = readNested(plain(this.#redact(text)), this.#redact);
    this.codes.push(...codes);
    if (message !== '' && !(isWord(text) && key === 'reason')) this.messages.push(message);
  }

  #visitList(list: unknown[], key: string, depth: number): void {
    const first = list.slice(0, maxItems);
    const items = key === 'detail' || key === 'details' ? first.map(withPlace) : first;
    for (const item of items) this.#visit(item, isObject(item) ? '' : key || 'message', depth + 1);
  }

  #visitObject(value: Record<string, unknown>, outer: string, depth: number): void {
    const entries = Object.entries(value)
      .slice(0, maxProperties)
      .map(([name, entry]) => [name.toLowerCase(), entry] as const);
    for (const [name, entry] of entries) {
      if (/^request_?id$/.test(name) && typeof entry === 'string') this.requestId ??= entry;
      if (waitKeys.includes(name)) this.wait ??= readWaitValue(entry);
      if (codeKeys.includes(name) && !messageKeys.includes(name)) this.#visit(entry, name, depth + 1);
    }
    if (value.metadata !== undefined) this.#visit(value.metadata, 'metadata', depth + 1);
    for (const key of messageKeys)
      for (const [name, entry] of entries) if (name === key && name !== 'metadata') this.#visit(entry, name, depth + 1);
    if (fieldKeys.includes(outer)) this.#visitFields(entries, outer, depth);
  }

  /** Messages under the names of fields, as validators write them. */
  #visitFields(entries: (readonly [string, unknown])[], outer: string, depth: number): void {
    for (const [name, entry] of entries)
      if (!messageKeys.includes(name) && !codeKeys.includes(name))
        this.#visit(entry, isObject(entry) ? outer : 'message', depth + 1);
  }
}

function isWord(text: string): boolean {
  return !/\s/.test(text.trim());
}

/** FastAPI's message with the field that it is about: `body.size: Input should be a valid string`. */
function withPlace(item: unknown): unknown {
  if (!isObject(item) || typeof item.msg !== 'string' || !Array.isArray(item.loc)) return item;
  return { ...item, msg: `${item.loc.filter((part) => typeof part !== 'object').join('.')}: ${item.msg}` };
}

/** A message that ends in JSON, as gateways write it: `upstream failed: 400 {"error": ...}`. */
function readNested(text: string, redact: Redact): { message: string; codes: string[] } {
  const start = text.search(/[{[]\s*["{]/);
  const inner =
    start < 0 ? undefined : parseJson(text.slice(start, text.lastIndexOf(text[start] === '{' ? '}' : ']') + 1));
  if (typeof inner !== 'object' || inner === null) return { message: text, codes: [] };
  const { message, codes } = readErrorBody(inner, redact);
  return { message: message === '' ? text : `${text.slice(0, start)}${message}`.trim(), codes };
}

/** A page in the place of a sentence, as gateways quote it, without its tags. */
function plain(text: string): string {
  return /^\s*<[!?a-z]/i.test(text) ? withoutTags(text.slice(0, 4000)) : text;
}

function oneLine(text: string): string {
  return text.slice(0, 4000).replace(/\s+/g, ' ').trim();
}

function withoutTags(text: string): string {
  return text.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}
