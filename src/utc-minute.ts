/** Date and time to the minute, in UTC: `2026-11-24 00:00 UTC`. */
export function utcMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
