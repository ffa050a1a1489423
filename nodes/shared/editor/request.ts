import type { EditedNode } from './red.js';

/** Something to be said: its key in the catalogue with the values in it, and the English for where the catalogue lacks it. */
export interface Sentence {
  key: string;
  params: Record<string, string | number>;
  message: string;
}

/** Why a route could not do what it was asked for, and what is known about the money. */
export interface Problem extends Sentence {
  code: string;
  charged: 'no' | 'unknown' | 'yes';
  /** Where images that were made and could not be fetched lie. */
  urls?: string[];
}

/** What a route answers: what was asked for, or the problem that is in its way. */
export type Answer<Result> = (Result & { problem?: undefined }) | { problem: Problem };

/** HTTP statuses with a sentence of their own; 0 = no answer. */
const SAID: Record<number, 'noAnswer' | 'noPermission' | 'tooLarge'> = {
  0: 'noAnswer',
  401: 'noPermission',
  403: 'noPermission',
  413: 'tooLarge',
};

/**
 * Asks one of the package's admin routes, by a path without a slash before it: only to those jQuery adds what `adminAuth` asks for.
 * Sent once; whatever goes wrong on the way becomes a problem, too.
 */
export async function ask<Result>(
  node: EditedNode,
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
    // What Node-RED itself refused costs nothing; what it lost may have cost something.
    return {
      problem: toProblem(
        node._(`request.${SAID[status] ?? 'failed'}`, { status }),
        status >= 400 && status < 500 ? 'no' : 'unknown',
      ),
    };
  }
}

/** A sentence in the language of the editor. */
export function say(node: EditedNode, { key, params, message }: Sentence): string {
  const name = `error.${key}`;
  const text = node._(name);
  return text.endsWith(name)
    ? message
    : text.replace(/\{\{(\w+)\}\}/g, (tag, param: string) => String(params[param] ?? tag));
}

/** A problem that came up in the browser, already in the language of the editor. */
export function toProblem(message: string, charged: Problem['charged']): Problem {
  return { key: '', params: {}, message, code: 'editor', charged };
}
