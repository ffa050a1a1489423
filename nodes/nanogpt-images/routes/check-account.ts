import { performance } from 'node:perf_hooks';
import type { CheckedAccount, Failed } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { readAccount } from './read-body.js';
import { withAccount } from './with-account.js';

/** Checks whether the account works, and how fast; never cached. */
export async function checkAccount({
  RED,
  body,
  signal,
}: AdminRequest): Promise<(CheckedAccount | Failed) & { milliseconds: number }> {
  const account = readAccount(body);
  const started = performance.now();
  const found = await withAccount(RED, account, { run: (opened) => opened.check(signal) });
  return { ...found, milliseconds: Math.round(performance.now() - started) };
}
