import type { ViewRed } from './view-red.js';

declare const RED: ViewRed;

/** A day such as `2026-11-25` in the language of the editor, without its year. */
export function formatDay(day: string): string {
  return new Date(`${day}T12:00`).toLocaleDateString(RED.i18n.lang(), { day: 'numeric', month: 'short' });
}

/** Day and time of day, in the language of the editor. */
export function formatTime(time: number): string {
  return new Date(time).toLocaleString(RED.i18n.lang(), { dateStyle: 'medium', timeStyle: 'short' });
}

/** A duration from milliseconds: `4 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long ago a time was, in the language of the editor. */
export function formatAge(time: number, now = Date.now()): string {
  const minutes = Math.round((time - now) / 60_000);
  const relative = new Intl.RelativeTimeFormat(RED.i18n.lang(), { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), 'hour');
  return relative.format(Math.round(minutes / 60 / 24), 'day');
}
