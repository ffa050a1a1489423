import type { EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/** An amount of money as people write it in the editor's language; a picture may cost less than a cent. */
export function amount(value: number): string {
  return value.toLocaleString(RED.i18n.lang(), { maximumFractionDigits: 4 });
}
