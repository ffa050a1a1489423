import type { PriceQuery } from '../../../src/api/models/price.js';
import type { Allowance, Model } from '../../shared/editor/models.js';
import type { ModelListing } from '../../shared/route-answers.js';
import type { EditedNode } from '../../shared/editor/red.js';
import type { PostedAccount } from '../../shared/editor/settings.js';
import { isVariable } from '../../shared/editor/validators.js';
import { type Known, type KnownRequest, type Sample, knownRequest } from './known-request.js';

/** The chosen account with its models; the listing is absent until the service has answered. */
export interface ChosenAccount {
  posted: PostedAccount;
  listing?: ModelListing;
}

/** What is known about a request in advance. */
export interface RequestForecast {
  request: KnownRequest;
  /** The model that will be used, where the service lists it. */
  model?: Model;
  /** The service lists models, but not this one. */
  isUnlisted: boolean;
  /** The built-in service: free. */
  isFree: boolean;
  /** What is left of the subscription, where it covers the model. */
  included?: Allowance;
}

/** Forecasts the request of the open dialog; with a sample, the request for a message that holds it. */
export function forecastRequest(node: EditedNode, chosen: ChosenAccount | undefined, sample?: Sample): RequestForecast {
  const request = knownRequest(node, sample);
  const models = chosen?.listing?.models ?? [];
  const id = request.model === '' ? ownModel(chosen) : request.model;
  const model = models.find((each) => each.id === id);
  return {
    request,
    ...(model && { model }),
    isUnlisted: !model && models.length > 0 && id !== undefined && id !== '',
    isFree: chosen?.posted.account.service === 'sandbox',
    ...(model?.included &&
      chosen?.listing?.subscription?.active && { included: chosen.listing.subscription.dailyImages ?? {} }),
  };
}

/** The model that is used where the node has none. */
export function ownModel(chosen: ChosenAccount | undefined): Known {
  const model = String(chosen?.posted.account.model ?? '').trim();
  if (isVariable(model)) return undefined;
  return model === '' ? chosen?.listing?.defaultModel : model;
}

/** What the price depends on, as far as it is known. */
export function toPriceQuery({ size, priceFields }: KnownRequest): PriceQuery {
  return { ...priceFields, size };
}
