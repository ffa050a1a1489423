import type { Parameter } from '../../../src/api/models/parameters.js';
import type { Ability, Model } from '../../../src/api/models/read-models.js';
import type { Allowance } from '../../../types/index.js';
import type { Answer, Problem } from './request.js';
import { callRoute } from './request.js';
import type { CommonLimits } from './limits-text.js';
import type { EditedNode } from './red.js';
import type { PostedAccount } from './settings.js';

export type { Ability, Allowance, Model, Parameter };

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
