import type { Node, NodeAPI } from 'node-red';
import type { NanogptAccount } from '../nanogpt-config/nanogpt-config.js';
import type { Message, Outcome, Task } from '../shared/on-message.js';
import type { NanogptImageConfig } from './config.js';
import { readRequest } from './read-request.js';
import { toMessages } from './to-messages.js';

/** What stays the same from message to message. */
export interface ImageNode {
  RED: NodeAPI;
  node: Node;
  config: NanogptImageConfig;
  account: NanogptAccount;
}

/** One message in, the messages with its pictures out. */
export async function generate({ RED, node, config, account }: ImageNode, msg: Message, { signal, say }: Task): Promise<Outcome> {
  const request = await readRequest(RED, node, config, msg);
  const { service } = account;
  const generation = await (await account.open()).generate(request, { signal });
  const warnings = generation.warnings.map(say);
  return { messages: toMessages(RED, config, msg, { request, generation, service, warnings }), warnings };
}
