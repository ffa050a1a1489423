import type { Account } from '../../src/account/account.js';
import type { Balance } from '../../src/account/balance.js';
import type { Subscription } from '../../src/api/subscription.js';
import type { Model } from '../../src/api/models/read-models.js';
import type { NodeAPI } from 'node-red';
import { defined } from '../../src/defined.js';
import { currency } from '../../src/spending/currency.js';
import type { Spending } from '../../src/spending/totals.js';
import { localize } from '../shared/localize.js';
import { formatMoney } from '../shared/money.js';
import type { NanogptAccount } from '../shared/nanogpt-account.js';
import { ImageError } from '../../src/errors.js';
import { type NanogptInfoConfig, defaults } from './config.js';
import { withDefaults } from '../shared/with-defaults.js';

type ListedModel = Pick<
  Model,
  'id' | 'name' | 'abilities' | 'sizes' | 'maxImages' | 'price' | 'currency' | 'included' | 'shutdownDate'
>;

/** An answer for `msg.payload`. */
export type Answer = Balance | Spending | Subscription | ListedModel[];

/** Fetches the answer for `msg.payload`. */
export async function ask(saved: Partial<NanogptInfoConfig>, account: Account, signal: AbortSignal): Promise<Answer> {
  const { ask: what, filter } = withDefaults(defaults, saved);
  if (what === 'balance') return account.balance(signal);
  if (what === 'spending') return account.spending();
  if (what === 'subscription') return account.subscription(signal);
  if (what !== 'models') throw new ImageError('invalid_input', 'nothing_to_ask', { what });
  const models = (await account.models(signal)).map(listed);
  return filter === '' ? models : models.filter(({ abilities }) => abilities.includes(filter));
}

/**
 * The answer in a word, for the status: the money that is left or was spent today, the state of the subscription, or
 * the number of models.
 */
export function summarize(RED: NodeAPI, answer: Answer, { service }: Pick<NanogptAccount, 'service'>): string {
  if (Array.isArray(answer)) return localize(RED, 'status.models', { count: answer.length });
  if ('state' in answer) return answer.state;
  const money = 'amount' in answer ? answer : { amount: answer.day, currency };
  return formatMoney(money.amount, service === 'sandbox' ? localize(RED, 'price.playMoney') : money.currency);
}

/** The properties of a model for flows; the others are for the dialogs. */
function listed({ id, name, abilities, sizes, ...model }: Model): ListedModel {
  const { maxImages, price, currency, included, shutdownDate } = model;
  return { id, name, abilities, sizes, ...defined({ maxImages, price, currency, included, shutdownDate }) };
}
