import { join } from 'node:path';
import { systemClock } from '../clock.js';
import { readMessage } from '../error-message.js';
import { defined } from '../defined.js';
import { DiskStore } from '../history/disk-store.js';
import { History, type HistorySettings } from '../history/history.js';
import { warning } from '../warning.js';
import type { AccountOptions } from './settings.js';

/** The history of an account, with its files in the account's storage where the settings say so. */
export function openHistory(
  settings: HistorySettings,
  { clock = systemClock, storage, onWarning }: AccountOptions,
): History {
  const directory = storage && join(storage.directory, 'history', storage.name);
  const openDisk = ({ historyMegabytes, historyDays }: HistorySettings): DiskStore | undefined =>
    directory === undefined
      ? undefined
      : new DiskStore({
          directory,
          mostBytes: historyMegabytes * 1e6,
          ...defined({ mostDays: historyDays }),
          clock,
          onFailure: (cause) => onWarning?.(warning('history_stopped', { reason: readMessage(cause) })),
        });
  return new History(settings, { clock, openDisk });
}
