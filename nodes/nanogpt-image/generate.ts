import type { Node, NodeAPI } from 'node-red';
import type { NanogptAccount } from '../shared/nanogpt-account.js';
import type { Message, Outcome } from '../shared/message.js';
import type { Task } from '../shared/on-message.js';
import { type NanogptImageConfig, defaults } from './config.js';
import { readRequest } from './read-request.js';
import { toMessages } from './to-messages.js';

/** What stays the same from message to message. */
export interface ImageNode {
  RED: NodeAPI;
  node: Node;
  /** Settings that an older flow lacks are absent. */
  saved: Partial<NanogptImageConfig>;
  account: NanogptAccount;
}

/** One message in, the messages with its images out. */
export async function generate(
  { RED, node, saved, account }: ImageNode,
  msg: Message,
  { signal, say, onState }: Task,
): Promise<Outcome> {
  const config = { ...defaults, ...saved };
  const opened = await account.open();
  const fetchAddress = (address: string, field: string): Promise<Buffer> => opened.fetchInput(address, field, signal);
  const { request, warnings: found } = await readRequest({ RED, node, fetchAddress }, config, msg);
  const generation = await opened.generate(request, { signal, onState, nodeId: node.id });
  const warnings = [...found, ...generation.warnings].map(say);
  return {
    messages: toMessages(RED, config, msg, { request, generation, service: account.service, warnings }),
    warnings,
  };
}
