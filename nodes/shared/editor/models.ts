import type { Answer, Problem } from './request.js';
import { callRoute } from './request.js';
import type { CommonLimits } from './limits-text.js';
import type { EditedNode } from './red.js';
import type { PostedAccount } from './settings.js';

/** What a model can do: make an image from text, from an image, or inside a mask. */
export type Ability = 'text-to-image' | 'image-to-image' | 'inpainting';

/** What a model accepts in one field of the API. */
export interface Parameter {
  type?: 'enum' | 'range' | 'boolean';
  values?: (string | number)[];
  least?: number;
  most?: number;
  default?: string | number | boolean;
}

/** A model as the service lists it; what it does not say is absent. */
export interface Model {
  id: string;
  name: string;
  abilities: Ability[];
  sizes: string[];
  /** Most images in one request. */
  maxImages?: number;
  /** The model always makes so many. */
  fixedImages?: number;
  /** As listed, for `priceRequest`. */
  pricing?: unknown;
  /** By API name; empty = nothing is known. */
  parameters: Record<string, Parameter>;
  /** What it takes of input images: how many, and how large (bytes of a file). */
  inputs?: { least?: number; most?: number; bytes?: number; formats?: string[] };
  /** There is more about it: `fetchModel`. */
  hasPage?: true;
  /** The subscription covers it. */
  included?: true;
  /** The day from which the service does not offer it any more: `2026-12-01`. */
  shutdownDate?: string;
}

/** What a subscription allows in one period. */
export interface Allowance {
  used?: number;
  remaining?: number;
  limit?: number;
  /** When it begins again (ISO 8601). */
  resets?: string;
}

/** What was spent in the running periods. */
export interface Spending {
  hour: number;
  day: number;
  month: number;
  /** Requests whose cost is unknown. */
  unknown: number;
  /** It is lost when Node-RED restarts. */
  inMemory: boolean;
}

/** Who shares an account over a cluster, and the limits that hold for all together. */
export interface Share extends CommonLimits {
  instances: number;
  problem?: Problem;
}

/** What a dialog shows of an account: the models of its service, the default model, the spending. */
export interface ModelListing {
  models: Model[];
  /** '' = not documented. */
  defaultModel: string;
  spending?: Spending;
  /** Where the account is in a cluster. */
  shared?: Share;
  /** Where the account has a subscription that covers some models. */
  subscription?: { active: boolean; dailyImages?: Allowance };
  problem?: Problem;
}

/** Fetches what a dialog shows of an account; after a failure the list is empty and `problem` says why. */
export async function fetchModels(node: EditedNode, account: PostedAccount): Promise<ModelListing> {
  const answer: Answer<ModelListing> | ModelListing = await callRoute<ModelListing>(
    node,
    'nanogpt-config/models',
    account,
  );
  return { models: [], defaultModel: '', ...answer };
}

/** Asks for all that the service says of one model: prices and limits that its list does not have. */
export async function fetchModel(node: EditedNode, account: PostedAccount, model: string): Promise<Model | undefined> {
  const answer = await callRoute<{ model?: Model }>(node, 'nanogpt-config/models', { ...account, model });
  return answer.problem ? undefined : answer.model;
}
