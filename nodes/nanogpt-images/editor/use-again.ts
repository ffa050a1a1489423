import type { ListedItem } from '../../shared/route-answers.js';
import type { ViewRed } from './view-red.js';
import type { Texts } from './texts.js';

declare const RED: ViewRed;

/** Attaches an inject node and an image node with the same settings to the mouse. A deleted account stays blank. */
export function useAgain(texts: Texts, item: ListedItem): void {
  if (RED.workspaces.isLocked()) return RED.notify(texts._('tab.locked'), 'error');
  const account = RED.nodes.node(item.account)?.type === 'nanogpt-config' ? item.account : '';
  const settings = {
    prompt: item.prompt,
    promptType: 'str',
    ...(item.model !== undefined && { model: item.model, modelType: 'str' }),
    ...(item.size !== undefined && { size: item.size, sizeType: 'str' }),
    ...(item.seed !== undefined && { seed: String(item.seed), seedType: 'num' }),
  };
  const nodes = [
    { id: 'inject', type: 'inject', props: [{ p: 'payload' }], payloadType: 'date', x: 0, y: 0, wires: [['image']] },
    { id: 'image', type: 'nanogpt-image', account, x: 200, y: 0, wires: [[]], ...settings },
  ];
  RED.view.importNodes(nodes, { generateIds: true, notify: false, applyNodeDefaults: true });
}
