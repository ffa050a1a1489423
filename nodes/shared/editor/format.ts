import * as money from '../money.js';
import type { EditorRed } from './red.js';

declare const RED: EditorRed;

/** Money in the language of the editor: `0.04 USD`. */
export function formatMoney(amount: number, currency = 'USD'): string {
  return money.formatMoney(amount, currency, RED.i18n.lang());
}

/** An amount in the language of the editor, without its currency: `0.04`. */
export function formatAmount(amount: number): string {
  return money.formatAmount(amount, RED.i18n.lang());
}

/** A number of bytes for a person: `8.5 kB`. */
export function formatBytes(bytes: number): string {
  const [unit, number] = bytes < 1e6 ? ['kilobyte', bytes / 1e3] : ['megabyte', bytes / 1e6];
  return number.toLocaleString(RED.i18n.lang(), { style: 'unit', unit, maximumSignificantDigits: 2 });
}

/** The plural form for a number in the language of the editor. */
export function pluralForm(count: number): 'one' | 'other' {
  return new Intl.PluralRules(RED.i18n.lang()).select(count) === 'one' ? 'one' : 'other';
}
