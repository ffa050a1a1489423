import type { ModelListing } from '../api/models/model-list.js';
import type { Subscription } from '../api/subscription.js';
import { defined } from '../defined.js';
import type { OpenConnection } from './connection.js';
import type { AccountSettings } from './settings.js';

/**
 * The models to choose from, the one used where nothing names one, and what is left of a subscription that covers some.
 */
export interface ChoiceOfModels extends ModelListing {
  defaultModel: string;
  subscription?: Subscription;
}

/** Lists the models of an account. Where the service does not say what is left of a subscription, that is left out. */
export async function listModels(
  { models, endpoint, service }: OpenConnection,
  { billing }: AccountSettings,
  signal: AbortSignal,
): Promise<ChoiceOfModels> {
  const listing = await models.newest(signal);
  const mayCover = endpoint.apiKey !== '' && listing.models.some(({ included }) => included);
  const subscription =
    mayCover && billing !== 'paygo' ? await service.subscription(signal).catch(() => undefined) : undefined;
  return { ...listing, defaultModel: endpoint.dialect.defaultModel, ...defined({ subscription }) };
}
