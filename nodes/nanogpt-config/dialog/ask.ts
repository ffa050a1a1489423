import type { EditedNode } from '../../shared/editor/red.js';

/** A sentence of the runtime; `message` is the English one. */
export interface Sentence {
  key: string;
  params: Record<string, string | number>;
  message: string;
}

/** Why something could not be done. */
export type Problem = Sentence;

/** Sends a question to a route of this package; jQuery brings the credentials of whoever is logged in. */
export function ask<Answer>(path: string, question: object): JQuery.jqXHR<Answer> {
  return $.ajax({ url: path, method: 'POST', contentType: 'application/json', data: JSON.stringify(question), dataType: 'json' }) as JQuery.jqXHR<Answer>;
}

/** A sentence of the runtime in the editor's language. */
export function sentence(node: EditedNode, { key, params, message }: Sentence): string {
  const id = `error.${key}`;
  const text = node._(id);
  return text === id ? message : text.replace(/\{\{(\w+)\}\}/g, (tag, name: string) => String(params[name] ?? tag));
}
