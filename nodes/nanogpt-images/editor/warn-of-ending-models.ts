import type { UsedEndingModel } from '../../shared/route-answers.js';
import { getJson } from './fetch.js';
import type { Texts } from './texts.js';
import type { ViewRed } from './view-red.js';

declare const RED: ViewRed;

/** How long the warning stays, in milliseconds. */
const STAYS = 20_000;

/** Says which models of the deployed flows are about to end, and which nodes use them. */
export async function warnOfEndingModels(texts: Texts): Promise<void> {
  const { ending } = await getJson<{ ending: UsedEndingModel[] }>('ending-models');
  if (ending.length === 0) return;
  const lines = ending.map(({ nodes, ...model }) =>
    $('<p>').text(texts._('deploy.ends', { ...model, nodes: nodes.map(labelNode).join(', ') })),
  );
  RED.notify($('<div>').append(lines), { type: 'warning', timeout: STAYS });
}

function labelNode(id: string): string {
  const node = RED.nodes.node(id);
  return node ? RED.utils.getNodeLabel(node, id) : id;
}
