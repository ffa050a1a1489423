import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { NanogptImageConfig } from './config.js';

/** Makes images from the prompt or the image in each message. */
export default function (RED: NodeAPI): void {
  function NanogptImage(this: Node, saved: NodeDef & Partial<NanogptImageConfig>): void {
    RED.nodes.createNode(this, saved);
    // Only once there is such a node: Node-RED loads this file at every start.
    const { onMessage } = require('../shared/on-message.js') as typeof import('../shared/on-message.js');
    let generate: ReturnType<typeof import('./generate.js').imageGenerator> | undefined;
    onMessage(RED, this, saved.account, async (msg, task) => {
      generate ??= (await import('./generate.js')).imageGenerator(RED, this, saved);
      return generate(msg, task);
    });
  }
  RED.nodes.registerType('nanogpt-image', NanogptImage);
}
