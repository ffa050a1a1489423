import { once } from 'node:events';
import type { NodeAPI } from 'node-red';
import type { EndingModel } from '../../../src/account/shutdown-notices.js';
import type { NanogptImageConfig } from '../../nanogpt-image/config.js';
import type { UsedEndingModel } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { deployedAccount } from './deployed-account.js';
import { fillVariables, variablesAt } from './variables.js';

/** How long flows may take to start, in milliseconds. */
const startTimeout = 3000;

/** A node as it is saved; settings that an older flow lacks are absent. */
type SavedNode = Partial<NanogptImageConfig> & { id: string; type: string; z?: string; d?: boolean };

/**
 * The models in the deployed flows that their services are about to end,
 * by the last lists that they gave: no service is asked.
 */
export async function listEndingModels({ RED }: AdminRequest): Promise<{ ending: UsedEndingModel[] }> {
  const ending = new Map<string, UsedEndingModel>();
  const nodes = findImageNodes(RED);
  if (!nodes.every(({ account = '' }) => deployedAccount(RED, account))) await flowsStarted(RED);
  for (const node of nodes) {
    const found = await findEnding(RED, node).catch(() => undefined);
    if (!found) continue;
    const { nodes: others } = ending.get(found.model) ?? { nodes: [] };
    ending.set(found.model, { ...found, nodes: [...others, node.id] });
  }
  return { ending: [...ending.values()] };
}

/** A deploy is answered when the old flows have stopped: the new ones may not run yet. */
async function flowsStarted({ events }: NodeAPI): Promise<void> {
  await once(events, 'flows:started', { signal: AbortSignal.timeout(startTimeout) }).catch(() => undefined);
}

function findImageNodes(RED: NodeAPI): SavedNode[] {
  const nodes: SavedNode[] = [];
  RED.nodes.eachNode((definition) => {
    const node: SavedNode = definition;
    if (node.type === 'nanogpt-image' && !node.d) nodes.push(node);
  });
  return nodes;
}

/** What comes with the message is not known yet; the built-in service ends nothing, and would only be started. */
async function findEnding(RED: NodeAPI, node: SavedNode): Promise<EndingModel | undefined> {
  const { id, z = '', account = '', model = '', modelType = 'str' } = node;
  const config = deployedAccount(RED, account);
  if (!config || config.service === 'sandbox' || modelType !== 'str') return undefined;
  const filled = fillVariables({ model }, variablesAt(RED, { id, z }));
  return (await config.open()).findEndingModel(filled.model);
}
