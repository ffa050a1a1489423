import type { EditedNode, EditorRed, PlacedNode } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/** How far from the image node the new one lies, in the units of the view. */
const OFFSET = { x: -60, y: -80 };

/**
 * Adds a change node to the flow of a node, above it, that sets a property of the message to a text; dropped on a wire
 * it becomes a part of it.
 */
export function addChangeNode(node: EditedNode, path: string, value: string): void {
  if (RED.workspaces.isLocked()) return RED.notify(node._('painter.locked'), 'error');
  const rules = [{ t: 'set', p: path, pt: 'msg', to: value, tot: 'str' }];
  const change = { id: 'mask', type: 'change', x: 0, y: 0, rules, wires: [[]] };
  const imported = RED.view.importNodes([change], {
    generateIds: true,
    notify: false,
    applyNodeDefaults: true,
    touchImport: true,
  });
  const [added] = Object.values(imported?.nodeMap ?? {});
  if (!added) return;
  const { x, y } = node as EditedNode<PlacedNode>;
  Object.assign(added, { x: Math.max(100, x + OFFSET.x), y: Math.max(40, y + OFFSET.y), dirty: true });
  RED.nodes.dirty(true);
  RED.view.redraw();
  RED.notify(node._('painter.added', { property: `msg.${path}` }), 'success');
}
