/** Gives a text of the plugin's catalogue. */
export interface Texts {
  _(key: string, values?: Record<string, unknown>): string;
}
