import type { EditedNode, EditorRed } from '../../shared/editor/red.js';

/** A node as the view draws it; `x` and `y` are its centre. */
export interface ViewNode {
  id: string;
  type: string;
  z: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A tab of the sidebar. */
export interface SidebarTab {
  id: string;
  /** In the tab bar, and in the menu. */
  label: string;
  name: string;
  iconClass: string;
  content: JQuery;
  /** Whether it can be used while a dialog is open. */
  enableOnEdit: boolean;
  /** Called each time the tab shows. */
  onchange(): void;
}

/** The parts of the editor's `RED` that preview and tab use, 4.0 to 5.0. */
export interface ViewRed extends Omit<EditorRed, 'events' | 'nodes' | 'notify'> {
  events: { on(event: string, listener: (data: unknown) => void): void };
  hooks: { add(name: string, listener: (event: { node: ViewNode }) => void): void };
  notify(message: string | JQuery, kind: 'error' | { type: 'warning'; timeout: number }): void;
  nodes: {
    node(id: string): EditedNode | null;
    filterNodes(filter: { type: string }): EditedNode[];
  };
  plugins: { registerPlugin(id: string, definition: { onadd(): void }): void };
  sidebar: { addTab(tab: SidebarTab): void };
  user: { hasPermission(permission: string): boolean };
  utils: EditorRed['utils'] & { getNodeLabel(node: EditedNode, otherwise: string): string };
  view: {
    /** Attaches nodes to the mouse. */
    importNodes(nodes: object[], options: { generateIds: boolean; notify: boolean; applyNodeDefaults: boolean }): void;
    reveal(id: string): void;
  };
  workspaces: {
    /** Id of the flow that shows. */
    active(): string;
    isLocked(): boolean;
  };
}
