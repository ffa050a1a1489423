import { selectDialect } from '../../../src/api/dialects/select-dialect.js';
import type { Account } from '../../../src/account/account.js';
import type { AccountSettings } from '../../../src/account/settings.js';
import { defined } from '../../../src/defined.js';
import type { Failed, FoundModel, ModelListing, SpendingSummary } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { describeShare } from './describe-share.js';
import { toProblem } from './problem.js';
import { readAccount, readModelId } from './read-body.js';
import { type AccountTask, withAccount } from './with-account.js';

/**
 * What a dialog shows of an account when it opens: the models to choose from, and the spending. Asked for one model,
 * all that is known of it.
 */
export async function listModels({ RED, body, signal }: AdminRequest): Promise<ModelListing | FoundModel | Failed> {
  const [posted, id] = [readAccount(body), readModelId(body)];
  const ask = <Result extends object>(run: AccountTask<Result>['run']): Promise<Result | Failed> =>
    withAccount(RED, posted, { needsKey, run });
  if (id !== undefined) return ask(async (account) => defined({ model: await account.findModel(id, signal) }));
  return { models: [], defaultModel: '', ...(await ask((account) => describeAccount(account, signal))) };
}

function needsKey({ service, edits }: AccountSettings): boolean {
  return !selectDialect(service, edits).listsOpenly;
}

async function describeAccount(account: Account, signal: AbortSignal): Promise<Partial<ModelListing>> {
  const [spending, shared] = await Promise.all([sumSpending(account), describeShare(account)]);
  const known = defined({ spending, shared });
  try {
    const { failure, ...offer } = await account.listModels(signal);
    return { ...offer, ...known, ...(failure !== undefined && { problem: toProblem(failure) }) };
  } catch (error) {
    return { ...known, problem: toProblem(error) };
  }
}

/** Unknown while the cluster of a shared account is away, which does not keep the user from choosing a model. */
async function sumSpending(account: Account): Promise<SpendingSummary | undefined> {
  try {
    const { hour, day, month, unknown } = await account.spending();
    return { hour, day, month, unknown, inMemory: account.isSpendingInMemory };
  } catch (error) {
    if (account.isShared) return undefined;
    throw error;
  }
}
