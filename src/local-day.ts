import { localTime } from './local-time.js';

/** The local day that a time lies in: `2026-11-25`. */
export function dayName(time: number): string {
  const { year, month, day } = localTime(time);
  return `${year}-${month}-${day}`;
}
