/** How long before a service ends a model the user is warned, in milliseconds. */
const notice = 60 * 24 * 3600_000;

/** Whether the day (ISO 8601) on which a service ends a model is near, or past. */
export function isShutdownNear(day: string, now: number): boolean {
  return Date.parse(day) - now < notice;
}
