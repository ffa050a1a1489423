import { dialectOf } from '../../../src/api/dialects/dialect.js';
import type { Question } from './handle.js';
import { problemOf } from './problem.js';
import { readAccount } from './read-body.js';
import { withAccount } from './with-account.js';

/** What a dialog shows of an account when it opens: the models to choose from, and what was spent. */
export async function catalogue({ RED, body, signal }: Question): Promise<object> {
  const found = await withAccount(RED, readAccount(body), {
    needsKey: ({ service, edits }) => !dialectOf(service, edits).listsOpenly,
    async run(account) {
      const { hour, day, month, unknown } = await account.spending();
      const spending = { hour, day, month, unknown, inMemory: account.isSpendingInMemory };
      try {
        const { failure, ...offer } = await account.offer(signal);
        return { ...offer, spending, ...(failure !== undefined && { problem: problemOf(failure) }) };
      } catch (error) {
        return { spending, problem: problemOf(error) };
      }
    },
  });
  return { models: [], defaultModel: '', ...found };
}
