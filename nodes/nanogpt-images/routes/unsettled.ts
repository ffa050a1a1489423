import { defined } from '../../../src/defined.js';
import { isObject } from '../../../src/json.js';
import type { Settlement } from '../../../src/spending/ledger-file.js';
import { announceChange } from '../../shared/editor-events.js';
import type { UnsettledRequest } from '../../shared/route-answers.js';
import { type AdminRequest, BadRequest } from './admin-request.js';
import { type OpenAccount, findAccount, openAccounts } from './open-accounts.js';

/** How long the list waits for the balance, in milliseconds: it is only a help. */
const balanceTimeout = 4000;

/** The requests of all accounts of which it is unknown whether they were charged, the newest first. */
export async function listUnsettled({ RED, signal }: AdminRequest): Promise<{ unsettled: UnsettledRequest[] }> {
  const timed = AbortSignal.any([signal, AbortSignal.timeout(balanceTimeout)]);
  const lists = await Promise.all((await openAccounts(RED)).map((opened) => listEntries(opened, timed)));
  return { unsettled: lists.flat().sort((one, other) => other.time - one.time) };
}

/**
 * Settles a request by hand, of a body `{accountId, id, made, cost?}`.
 *
 * @throws BadRequest, NotFound
 */
export async function settle({ RED, body }: AdminRequest): Promise<{ settled: boolean }> {
  if (!isObject(body) || typeof body.id !== 'string') throw new BadRequest();
  const { account } = await findAccount(RED, body.accountId);
  const settled = await account.settle(body.id, readSettlement(body));
  announceChange(RED);
  return { settled };
}

async function listEntries({ node, account }: OpenAccount, signal: AbortSignal): Promise<UnsettledRequest[]> {
  const entries: UnsettledRequest[] = [];
  for (const { settlement: _, ...entry } of await account.unsettled()) {
    const difference = await account.findBalanceDifference(entry.id, signal);
    entries.push({ ...entry, accountId: node.id, ...defined({ difference }) });
  }
  return entries;
}

function readSettlement({ made, cost }: Record<string, unknown>): Settlement {
  if (typeof made !== 'boolean') throw new BadRequest();
  if (!made) return { at: 'free' };
  if (cost === undefined) return { at: 'paid' };
  if (typeof cost !== 'number' || !Number.isFinite(cost) || cost < 0) throw new BadRequest();
  return { at: 'paid', cost };
}
