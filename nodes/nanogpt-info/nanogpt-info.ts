import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onMessage } from '../shared/on-message.js';
import type { NanogptInfoConfig } from './config.js';

/** Asks what is left in the account, which models the service has, or what was spent. */
export default function (RED: NodeAPI): void {
  function NanogptInfo(this: Node, saved: NodeDef & Partial<NanogptInfoConfig>): void {
    RED.nodes.createNode(this, saved);
    onMessage(RED, this, saved.account, async (msg, task) => {
      const { ask } = await import('./ask.js');
      const { failure: _, ...copy } = msg;
      return { messages: [{ ...copy, payload: await ask(saved, await task.account.open(), task.signal) }], warnings: [] };
    });
  }
  RED.nodes.registerType('nanogpt-info', NanogptInfo);
}
