import { hostname } from 'node:os';
import { Connection } from '../../../src/account/connection.js';
import { readSettings } from '../../nanogpt-config/read-settings.js';
import type { Failed, SignInProgress, StartedSignIn } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { toProblem } from './problem.js';
import { readAccount, readTicket } from './read-body.js';
import { storeKey } from './store-key.js';
import { SignIn, signIns } from './sign-ins.js';
import { fillVariables, variablesAt } from './variables.js';

/**
 * Asks the service of an account for a code. The editor gets the code, the page to approve it on, and a ticket in place
 * of what is secret.
 */
export async function startSignIn({ RED, body, signal }: AdminRequest): Promise<StartedSignIn | Failed> {
  const { place, config: raw } = readAccount(body);
  try {
    const config = fillVariables(raw, variablesAt(RED, place));
    const connection = new Connection(readSettings(RED, config, '', raw), {});
    try {
      const { login } = await connection.open();
      const code = await login.start(`Node-RED on ${hostname()}`, signal);
      const signIn = new SignIn({ accountId: place.id, address: config, connection, code });
      signIns.add(signIn);
      return { ticket: signIn.ticket, code: code.userCode, page: code.page, wait: code.interval };
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    return { problem: toProblem(error) };
  }
}

/** What has become of a sign-in; `gone` where the ticket is not known any more. */
export async function pollSignIn({ body }: AdminRequest): Promise<SignInProgress> {
  const signIn = signIns.find(readTicket(body));
  return (await signIn?.poll()) ?? { state: 'gone', wait: 0 };
}

/** Drops a sign-in with its key. */
export async function cancelSignIn({ body }: AdminRequest): Promise<Record<string, never>> {
  signIns.end(readTicket(body));
  return {};
}

/**
 * Puts the key of an approved sign-in into the credentials of its account, for the next deploy; `isStored` is false
 * where there is none.
 */
export async function redeemSignIn({ RED, body }: AdminRequest): Promise<{ isStored: boolean }> {
  const signIn = signIns.find(readTicket(body));
  return { isStored: signIn !== undefined && storeKey(RED, signIn) };
}
