import type { ModelListing } from '../api/models/model-list.js';
import type { Subscription } from '../api/subscription.js';
import { defined } from '../defined.js';
import type { OpenConnection } from './connection.js';
import type { AccountSettings } from './settings.js';

/** The models to choose from, the one used where nothing names one, and what is left of a subscription that covers some. */
export interface ChoiceOfModels extends ModelListing {
  defaultModel: string;
  subscription?: Subscription;
}

export async function listModels(
  { models, endpoint, service }: OpenConnection,
  { billing }: AccountSettings,
  signal: AbortSignal,
): Promise<ChoiceOfModels> {
  const listing = await models.newest(signal);
  const isAsked = endpoint.apiKey !== '' && listing.models.some(({ included }) => included);
  // Without an answer the prices are shown alone.
  const subscription =
    isAsked && billing !== 'paygo' ? await service.subscription(signal).catch(() => undefined) : undefined;
  return { ...listing, defaultModel: endpoint.dialect.defaultModel, ...defined({ subscription }) };
}
