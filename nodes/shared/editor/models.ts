import type { Parameter } from '../../../src/api/models/parameters.js';
import type { Ability, Model } from '../../../src/api/models/read-models.js';
import type { Allowance } from '../../../types/index.js';
import type { Answer, FoundModel, ModelListing } from '../route-answers.js';
import { callRoute } from './request.js';
import type { EditedNode } from './red.js';
import type { PostedAccount } from './settings.js';

export type { Ability, Allowance, Model, Parameter };

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
  const answer = await callRoute<FoundModel>(node, 'nanogpt-config/models', { ...account, model });
  return answer.problem ? undefined : answer.model;
}
