import { selectDialect } from '../../../src/api/dialects/select-dialect.js';
import type { AdminRequest } from './admin-request.js';
import { toProblem } from './problem.js';
import { readAccount } from './read-body.js';
import { withAccount } from './with-account.js';

/** What a dialog shows of an account when it opens: the models to choose from, and what was spent. */
export async function listModels({ RED, body, signal }: AdminRequest): Promise<object> {
  const found = await withAccount(RED, readAccount(body), {
    needsKey: ({ service, edits }) => !selectDialect(service, edits).listsOpenly,
    async run(account) {
      const { hour, day, month, unknown } = await account.spending();
      const spending = { hour, day, month, unknown, inMemory: account.isSpendingInMemory };
      try {
        const { failure, ...offer } = await account.listModels(signal);
        return { ...offer, spending, ...(failure !== undefined && { problem: toProblem(failure) }) };
      } catch (error) {
        return { spending, problem: toProblem(error) };
      }
    },
  });
  return { models: [], defaultModel: '', ...found };
}
