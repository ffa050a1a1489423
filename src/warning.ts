import { fill } from './errors.js';
import type { Warning } from './generation.js';
import { type MessageKey, messages } from './messages.js';

/** A warning in English that can be translated by its key. */
export function warning(key: MessageKey, params: Readonly<Record<string, string | number>> = {}): Warning {
  return { key, params: { ...params }, message: fill(messages[key], params) };
}
