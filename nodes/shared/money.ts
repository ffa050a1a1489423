/** Cached: creating one takes longer than using it for a list of models. */
const formats = new Map<string, Intl.NumberFormat>();

/**
 * An amount with its currency for a person, as the status, the dialogs and the sidebar tab show it: `129.47 USD`,
 * `0.04 USD`, `0.0035 USD`. The language is that of the numbers, such as `de`.
 */
export function formatMoney(amount: number, currency: string, language = 'en-US'): string {
  return `${formatAmount(amount, language)} ${currency}`;
}

/** The same without the currency. */
export function formatAmount(amount: number, language = 'en-US'): string {
  const decimals = countDecimals(Math.abs(amount));
  const key = `${language} ${decimals}`;
  const options = { minimumFractionDigits: 2, maximumFractionDigits: decimals };
  const format = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, format);
  return format.format(amount);
}

/** Cents from 1 on, up to four decimals below; less than a cent keeps two significant digits, up to six decimals. */
function countDecimals(amount: number): number {
  if (amount >= 1 || amount === 0) return 2;
  return Math.min(6, Math.max(4, 1 - Math.floor(Math.log10(amount))));
}
