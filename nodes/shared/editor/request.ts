import type { Answer, Problem } from '../route-answers.js';
import type { SharedKey } from '../text-keys.js';
import type { EditedNode } from './red.js';

/**
 * A message by its key in the catalogue and its parameters; `message`
 * is the English, for a key that the catalogue lacks.
 */
export interface TranslatableMessage {
  key: string;
  params: Record<string, string | number>;
  message: string;
}

/** Catalogue keys for HTTP statuses; 0 = no answer. */
const STATUS_KEYS: Record<number, 'noAnswer' | 'noPermission' | 'tooLarge'> = {
  0: 'noAnswer',
  401: 'noPermission',
  403: 'noPermission',
  413: 'tooLarge',
};

/**
 * Calls one of the package's admin routes, by a path without a leading slash: only to those the editor adds what
 * `adminAuth` needs. Nothing is retried; a failure on the way becomes a problem too.
 */
export async function callRoute<Result>(
  node: Pick<EditedNode, '_'>,
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<Answer<Result>> {
  try {
    const request = $.ajax({
      url: path,
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(body),
      dataType: 'json',
    });
    signal?.addEventListener('abort', () => request.abort());
    return (await request) as Answer<Result>;
  } catch (error) {
    if (signal?.aborted) return { problem: toProblem(node._('request.cancelled'), 'unknown') };
    const { status } = error as JQuery.jqXHR;
    // A request that Node-RED refused costs nothing; a lost one may have been charged.
    return {
      problem: toProblem(
        node._(`request.${STATUS_KEYS[status] ?? 'failed'}`, { status }),
        status >= 400 && status < 500 ? 'no' : 'unknown',
      ),
    };
  }
}

/** A message in the language of the editor. */
export function translate(node: Pick<EditedNode, '_'>, { key, params, message }: TranslatableMessage): string {
  // Routes answer with the keys of `src/messages.ts`, which the catalogue has.
  const name = `error.${key}` as Extract<SharedKey, `error.${string}`>;
  const text = node._(name);
  return text.endsWith(name)
    ? message
    : text.replace(/\{\{(\w+)\}\}/g, (tag, param: string) => String(params[param] ?? tag));
}

/** A problem in the browser, already in the language of the editor. */
export function toProblem(message: string, charged: Problem['charged']): Problem {
  return { key: '', params: {}, message, code: 'editor', charged };
}
