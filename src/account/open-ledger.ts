import { join } from 'node:path';
import type { AccountTools } from './settings.js';
import { systemClock } from '../clock.js';
import { Books } from '../spending/ledger.js';
import { warning } from '../warning.js';

/** The books of an account in its storage, in memory where it has none. */
export function openBooks({ storage, onWarning, clock = systemClock }: AccountTools): Books {
  return new Books({
    clock,
    ...(storage && { directory: join(storage.directory, 'ledger', storage.name) }),
    onMemoryOnly: (cause) => onWarning?.(warning('books_in_memory', { reason: cause instanceof Error ? cause.message : String(cause) })),
    onLeftOver: (requests) => onWarning?.(warning('books_left_over', { requests })),
  });
}
