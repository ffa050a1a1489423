import type { Account } from '../../src/account.js';
import { ImageError } from '../../src/errors.js';
import { type NanogptInfoConfig, defaults } from './config.js';

/** What the node is asked for, as it goes into `msg.payload`. */
export async function ask(saved: Partial<NanogptInfoConfig>, account: Account, signal: AbortSignal): Promise<unknown> {
  const { ask: what, filter } = { ...defaults, ...saved };
  if (what === 'balance') return account.balance(signal);
  if (what === 'spending') return account.spending();
  if (what !== 'models') throw new ImageError('invalid_input', 'nothing_to_ask', { what });
  const models = await account.models(signal);
  return filter === '' ? models : models.filter(({ abilities }) => abilities.includes(filter));
}
