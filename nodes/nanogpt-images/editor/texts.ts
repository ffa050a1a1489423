import type { TextKey } from '../../shared/text-keys.js';

/** Gives a text of the plugin's catalogue. */
export interface Texts {
  _(key: TextKey, values?: Record<string, unknown>): string;
}
