import { join } from 'node:path';
import { systemClock } from '../clock.js';
import { readMessage } from '../error-message.js';
import { defined } from '../defined.js';
import { Ledger } from '../spending/ledger.js';
import { warning } from '../warning.js';
import type { AccountOptions } from './settings.js';

/** The ledger of an account in its storage, in memory where it has none. */
export function openLedger({ storage, onWarning, clock = systemClock }: AccountOptions, onIdle?: () => void): Ledger {
  return new Ledger({
    clock,
    ...defined({ onIdle, directory: storage && join(storage.directory, 'ledger', storage.name) }),
    onMemoryOnly: (cause) => onWarning?.(warning('ledger_in_memory', { reason: readMessage(cause) })),
    onLeftOver: (requests) => onWarning?.(warning('ledger_left_over', { requests })),
    onInterference: (what) => onWarning?.(warning(what === 'deleted' ? 'ledger_deleted' : 'ledger_shared')),
  });
}
