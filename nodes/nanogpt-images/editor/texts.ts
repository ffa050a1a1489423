import type { TextKey } from '../../shared/text-keys.js';

/** The texts of the plugin. */
export interface Texts {
  _(key: TextKey, values?: Record<string, unknown>): string;
}
