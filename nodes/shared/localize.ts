import type { NodeAPI } from 'node-red';
import type { SharedKey } from './text-keys.js';

/** A text in the language of the server. */
export function localize(RED: NodeAPI, key: SharedKey, values: Record<string, string | number> = {}): string {
  return RED._(key, values);
}
