import type { NodeAPI } from 'node-red';
import type { Account } from '../../../src/account/account.js';
import type { AccountSettings } from '../../../src/account/settings.js';
import { ImageError } from '../../../src/errors.js';
import { mapTexts } from '../../../src/json.js';
import { readSettings } from '../../nanogpt-config/read-settings.js';
import type { NanogptAccount } from '../../shared/nanogpt-account.js';
import type { Failed } from '../../shared/route-answers.js';
import { openDraftAccount } from '../../nanogpt-config/open-account.js';
import { variableIn } from '../../shared/variable.js';
import { BadRequest } from './admin-request.js';
import { deployedAccount } from './deployed-account.js';
import { resolveKey } from './resolve-key.js';
import { toProblem } from './problem.js';
import type { PostedAccount } from './read-body.js';
import { fillVariables, variablesAt } from './variables.js';

/** A task of a dialog with an account. */
export interface AccountTask<Result extends object> {
  /** Whether it needs the key; true by default. */
  needsKey?: (settings: AccountSettings) => boolean;
  /** Whether it sends what may cost. */
  sends?: boolean;
  /** Returns the answer for the dialog, as plain data. */
  run(account: Account): Promise<Result>;
}

/** Shorter keys are placeholders for local servers, and may occur in the name of a model. */
const minKeyLength = 16;

/**
 * Runs a task with the running account if it has the posted settings, else with a draft account that is closed
 * afterwards. A failure becomes a problem in the answer; no answer holds a key.
 *
 * @throws BadRequest as the task does.
 */
export async function withAccount<Result extends object>(
  RED: NodeAPI,
  posted: PostedAccount,
  { needsKey = () => true, sends = false, run }: AccountTask<Result>,
): Promise<Result | Failed> {
  const deployed = deployedAccount(RED, posted.place.id);
  const secrets = [posted.apiKey, deployed?.credentials?.apiKey];
  try {
    const variables = variablesAt(RED, posted.place);
    const config = fillVariables(posted.config, variables);
    const key = resolveKey({ ...posted, config }, deployed, variables);
    // One that was just added is no node yet; lists and prices do not need it.
    const isClusterNew = config.cluster !== '' && !RED.nodes.getNode(config.cluster);
    if (isClusterNew && sends) throw new ImageError('not_configured', 'cluster_deploy_first');
    const known = isClusterNew ? { ...config, cluster: '' } : config;
    const settings = readSettings(RED, known, key.refusal ? '' : key.apiKey, posted.config);
    secrets.push(settings.apiKey);
    if (key.refusal && needsKey(settings)) throw key.refusal;
    return withoutKeys(await withDraftAccount(RED, { settings, deployed, posted, sends }, run), secrets);
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    return withoutKeys({ problem: toProblem(error) }, secrets);
  }
}

async function withDraftAccount<Result extends object>(
  RED: NodeAPI,
  {
    settings,
    deployed,
    posted,
    sends,
  }: { settings: AccountSettings; deployed: NanogptAccount | undefined; posted: PostedAccount; sends: boolean },
  run: AccountTask<Result>['run'],
): Promise<Result> {
  const running = await deployed?.open().catch(() => undefined);
  if (running?.has(settings)) return run(running);
  // In a cluster the limits of this draft would apply to all instances, and outside of it theirs not to the draft.
  const { cluster, ...alone } = settings;
  if (cluster && sends) throw new ImageError('not_configured', 'cluster_deploy_first');
  const draft = openDraftAccount(RED, posted.place.id, alone, posted.config.name);
  try {
    return await run(draft);
  } finally {
    draft.close();
  }
}

/** Removes keys from an answer: services repeat what they are sent. */
function withoutKeys<Result extends object>(answer: Result, keys: (string | undefined)[]): Result {
  const secrets = keys
    .map((key) => key?.trim() ?? '')
    .filter((key) => key.length >= minKeyLength && variableIn(key) === undefined);
  return mapTexts(answer, (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '…'), text)) as Result;
}
