import { defined } from '../../../src/defined.js';
import { toNumber } from '../../../src/json.js';
import { currency } from '../../../src/spending/currency.js';
import type { AccountSpending } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { type OpenAccount, openAccounts } from './open-accounts.js';

/** What every deployed account has spent, with its budget. */
export async function sumSpending({ RED }: AdminRequest): Promise<{ accounts: AccountSpending[] }> {
  return { accounts: await Promise.all((await openAccounts(RED)).map(sumAccount)) };
}

async function sumAccount({ node, account }: OpenAccount): Promise<AccountSpending> {
  const { id, name, service, budgetPeriod } = node;
  const [spending, days] = await Promise.all([account.spending(), account.dailySpending()]);
  const known = { id, service, currency, budgetPeriod, spending, days };
  return { ...known, ...defined({ name, budget: toNumber(node.budget) }) };
}
