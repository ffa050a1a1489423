import type { Account } from '../../../src/account/account.js';
import { fromMillionths } from '../../../src/cluster/millionths.js';
import type { Failed, Share } from '../../shared/route-answers.js';
import { toProblem } from './problem.js';

/** Who shares an account over a cluster, and what holds for all together; undefined where it is in none. */
export async function describeShare(account: Account): Promise<Share | Failed | undefined> {
  try {
    const state = await account.clusterState();
    if (!state) return undefined;
    const { concurrency, perMinute, budgets } = state.limits;
    const amounts = Object.entries(budgets).map(([period, millionths]) => [period, fromMillionths(millionths)]);
    return {
      instances: state.instances.length,
      concurrency,
      perMinute,
      budgets: Object.fromEntries(amounts) as Share['budgets'],
    };
  } catch (error) {
    return { problem: toProblem(error) };
  }
}
