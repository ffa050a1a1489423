import { join } from 'node:path';
import type { AccountOptions } from './settings.js';
import { systemClock } from '../clock.js';
import { Ledger } from '../spending/ledger.js';
import { warning } from '../warning.js';

/** The books of an account in its storage, in memory where it has none. */
export function openLedger({ storage, onWarning, clock = systemClock }: AccountOptions): Ledger {
  return new Ledger({
    clock,
    ...(storage && { directory: join(storage.directory, 'ledger', storage.name) }),
    onMemoryOnly: (cause) =>
      onWarning?.(warning('books_in_memory', { reason: cause instanceof Error ? cause.message : String(cause) })),
    onLeftOver: (requests) => onWarning?.(warning('books_left_over', { requests })),
  });
}
