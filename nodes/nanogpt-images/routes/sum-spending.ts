import { defined } from '../../../src/defined.js';
import { toNumber } from '../../../src/json.js';
import type { AdminRequest } from './admin-request.js';
import { type OpenAccount, openAccounts } from './open-accounts.js';

/** What every deployed account has spent, with its budget. */
export async function sumSpending({ RED }: AdminRequest): Promise<object> {
  return { accounts: await Promise.all((await openAccounts(RED)).map(sumAccount)) };
}

async function sumAccount({ node, account }: OpenAccount): Promise<object> {
  const { id, name, service, budgetPeriod } = node;
  const spending = await account.spending();
  return defined({ id, name, service, currency: 'USD', budget: toNumber(node.budget), budgetPeriod, spending });
}
