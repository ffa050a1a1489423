import { systemClock } from '../clock.js';
import { History, type HistorySettings } from '../history/history.js';
import type { AccountOptions } from './settings.js';

/** The history of an account, on disk in its storage. */
export function openHistory(settings: HistorySettings, { clock = systemClock }: AccountOptions): History {
  return new History(settings, { clock });
}
