import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { NanogptInfoConfig } from './config.js';

/** Reads the balance, the models, the spending or the latest images of an account. */
export default function (RED: NodeAPI): void {
  function NanogptInfo(this: Node, saved: NodeDef & Partial<NanogptInfoConfig>): void {
    RED.nodes.createNode(this, saved);
    // Only once there is such a node: Node-RED loads this file at every start.
    const { onMessage } = require('../shared/on-message.js') as typeof import('../shared/on-message.js');
    onMessage(RED, this, saved.account, async (msg, task) => {
      const { ask, summarize } = await import('./ask.js');
      const { failure: _, ...copy } = msg;
      const account = await task.account.open();
      if (saved.ask === 'history') {
        const { listHistory } = await import('./list-history.js');
        return listHistory({ RED, saved, account, translate: task.translate }, copy);
      }
      const payload = await ask(saved, account, task.signal);
      return { messages: [{ ...copy, payload }], warnings: [], summary: summarize(RED, payload, task.account) };
    });
  }
  RED.nodes.registerType('nanogpt-info', NanogptInfo);
}
