import type { NodeAPI } from 'node-red';
import type { PreviewEvent } from '../../shared/editor-events.js';
import { newestPreviews } from '../publish-events.js';
import type { PreviewList } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { listHistories } from './list-histories.js';

/** How many images of each account are looked through. */
const maxListed = 100;

/**
 * The newest image of every node and subflow instance: as announced since Node-RED started, for the other nodes from
 * the history on disk.
 */
export async function listPreviews({ RED }: AdminRequest): Promise<PreviewList> {
  const announced = newestPreviews();
  const known = new Set(announced.map(({ node }) => node));
  const earlier = (await listEarlier(RED)).filter(({ node }) => !known.has(node));
  return { previews: [...earlier, ...announced] };
}

async function listEarlier(RED: NodeAPI): Promise<PreviewEvent[]> {
  const shown = new Map<string, string>();
  RED.nodes.eachNode((node) => {
    const { id, z = '', type, preview } = node as typeof node & { preview?: boolean };
    if (type === 'nanogpt-image' && preview !== false) shown.set(id, z);
  });
  const lists = (await listHistories(RED)).map(({ history }) => history.list({ limit: maxListed }));
  const newest = new Map<string, PreviewEvent & { time: number }>();
  for (const { nodeId: node = '', id, index, time } of (await Promise.all(lists)).flat()) {
    const instance = shown.get(node);
    if (instance === undefined || index !== 0 || time <= (newest.get(node)?.time ?? 0)) continue;
    newest.set(node, { node, instance, id, time });
  }
  return [...newest.values()].map(({ time: _, ...event }) => event);
}
