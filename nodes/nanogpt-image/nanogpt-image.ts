import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { NanogptAccount } from '../nanogpt-config/nanogpt-config.js';
import { onMessage } from '../shared/on-message.js';
import type { NanogptImageConfig } from './config.js';

/** Makes pictures from the prompt or the picture in each message. */
export default function (RED: NodeAPI): void {
  function NanogptImage(this: Node, saved: NodeDef & Partial<NanogptImageConfig>): void {
    RED.nodes.createNode(this, saved);
    const account = RED.nodes.getNode(saved.account ?? '') as NanogptAccount | null;

    onMessage(RED, this, account, async (msg, task) => {
      const { generate } = await import('./generate.js');
      return generate({ RED, node: this, saved, account: task.account }, msg, task);
    });
  }
  RED.nodes.registerType('nanogpt-image', NanogptImage);
}
