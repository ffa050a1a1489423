import { fill } from './errors.js';
import type { Warning } from './generation.js';
import { type SentenceKey, sentences } from './messages.js';

/** A warning in English that can be translated by its key. */
export function warning(key: SentenceKey, params: Readonly<Record<string, string | number>> = {}): Warning {
  return { key, params: { ...params }, message: fill(sentences[key], params) };
}
