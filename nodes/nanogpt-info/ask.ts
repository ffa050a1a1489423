import type { Account } from '../../src/account/account.js';
import type { Model } from '../../src/api/models/read-models.js';
import { ImageError } from '../../src/errors.js';
import { type NanogptInfoConfig, defaults } from './config.js';

/** What the node is asked for, as it goes into `msg.payload`. */
export async function ask(saved: Partial<NanogptInfoConfig>, account: Account, signal: AbortSignal): Promise<unknown> {
  const { ask: what, filter } = { ...defaults, ...saved };
  if (what === 'balance') return account.balance(signal);
  if (what === 'spending') return account.spending();
  if (what !== 'models') throw new ImageError('invalid_input', 'nothing_to_ask', { what });
  const models = (await account.models(signal)).map(listed);
  return filter === '' ? models : models.filter(({ abilities }) => abilities.includes(filter));
}

/** What a flow is told of a model; how its fields are described and its prices nested is for the dialogs. */
function listed({
  fixedImages: _,
  pricing: __,
  parameters: ___,
  ...model
}: Model): Omit<Model, 'fixedImages' | 'pricing' | 'parameters'> {
  return model;
}
