import type { PriceQuery } from '../../../src/api/models/price.js';
import type { ModelListing, Model } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import type { PostedAccount } from '../../shared/editor/settings.js';
import { isVariable } from '../../shared/editor/validators.js';
import { type Known, type KnownRequest, type Sample, knownRequest } from './known-request.js';

/** The chosen account, and what its service lists; the listing is absent until it has answered. */
export interface ChosenAccount {
  posted: PostedAccount;
  listing?: ModelListing;
}

/** What can be said of a request before it is made. */
export interface RequestForecast {
  request: KnownRequest;
  /** The model that will be asked, where the service lists it. */
  model?: Model;
  /** The service lists models, but not this one. */
  isUnlisted: boolean;
  /** The built-in service: nothing is paid. */
  isFree: boolean;
}

/** Looks ahead to the request that the open dialog describes; with a sample, to the one that a message with it would make. */
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
  };
}

/** The model that is used where the node names none. */
export function ownModel(chosen: ChosenAccount | undefined): Known {
  const model = String(chosen?.posted.account.model ?? '').trim();
  if (isVariable(model)) return undefined;
  return model === '' ? chosen?.listing?.defaultModel : model;
}

/** What the price depends on, as far as it is known. */
export function toPriceQuery({ size, priceFields }: KnownRequest): PriceQuery {
  return { ...priceFields, size };
}
