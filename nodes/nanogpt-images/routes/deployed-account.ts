import type { NodeAPI } from 'node-red';
import type { NanogptAccount } from '../../shared/nanogpt-account.js';

/** The node of that id, where it is an account that runs. */
export function deployedAccount(RED: NodeAPI, id: string): NanogptAccount | undefined {
  const node = RED.nodes.getNode(id) as NanogptAccount | null;
  return node?.type === 'nanogpt-config' ? node : undefined;
}
