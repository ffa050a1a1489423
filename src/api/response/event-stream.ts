import { isObject, parseJson } from '../../json.js';
import type { ResponseHead } from '../http/transport.js';

/** One event of a stream, its data parsed (WHATWG HTML 9.2.6). */
export interface StreamEvent {
  data: unknown;
  /** It holds a partial image. */
  isDraft: boolean;
}

/** Whether a body is server-sent events: by its header, or by how it begins. */
export function isEventStream({ headers }: ResponseHead, text: string): boolean {
  return /^text\/event-stream/i.test(headers['content-type'] ?? '') || /^\s*(event|data|id|retry)\s*:|^\s*:/.test(text);
}

/** So many of the last events are read: the image comes at the end, and to parse more of them holds the thread. */
const mostEvents = 1000;

/** The last events of a stream whose data is JSON; comments and `[DONE]` are nothing. */
export function readEvents(text: string): StreamEvent[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n\r?\n|\r\r/)
    .slice(-mostEvents)
    .flatMap(readEvent);
}

/** The objects in a text of JSON lines, with whatever else a server writes before, between and behind them. */
export function readLines(text: string): StreamEvent[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => /^(data:)?\s*\{/.test(line))
    .slice(-mostEvents)
    .flatMap((line) => readEvent(line));
}

function readEvent(block: string): StreamEvent[] {
  const lines = block.split(/\r\n|\n|\r/).map((line) => /^(\w+): ?(.*)$/s.exec(line));
  const field = (name: string): string[] => lines.flatMap((line) => (line?.[1] === name ? [line[2]!] : []));
  // Behind comments that keep the connection alive, some servers send plain JSON.
  const data = parseJson(field('data').join('\n') || block);
  if (typeof data !== 'object' || data === null) return [];
  const type = `${field('event').join()} ${isObject(data) ? [data.type, data.object].filter((word) => typeof word === 'string').join(' ') : ''}`;
  // Volcengine Ark names each image of a group `partial_succeeded` or `partial_failed`.
  return [{ data, isDraft: /partial(?!_(succeeded|failed))/.test(type) }];
}
