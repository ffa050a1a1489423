import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { NanogptAccount } from '../nanogpt-config/nanogpt-config.js';
import { onMessage } from '../shared/on-message.js';
import { type NanogptInfoConfig, defaults } from './config.js';

/** Asks the service what is left in the account, or which models it has. */
export default function (RED: NodeAPI): void {
  function NanogptInfo(this: Node, saved: NodeDef & Partial<NanogptInfoConfig>): void {
    RED.nodes.createNode(this, saved);
    const config = { ...defaults, ...saved };
    const account = RED.nodes.getNode(config.account) as NanogptAccount | null;

    onMessage(RED, this, account, async (msg, task) => {
      const { ask } = await import('./ask.js');
      const { failure: _, ...copy } = msg;
      return { messages: [{ ...copy, payload: await ask(config, await task.account.open(), task.signal) }], warnings: [] };
    });
  }
  RED.nodes.registerType('nanogpt-info', NanogptInfo);
}
