/** An amount as people write it: with cents, and below one unit with two significant digits. */
export function moneyText(amount: number, currency: string): string {
  const digits = Math.abs(amount) >= 1 ? amount.toFixed(2) : Number(amount.toPrecision(2)).toString();
  return `${digits} ${currency}`;
}
