/// <reference types="jquery" />

import type { TextKey } from '../text-keys.js';

/** A node in the editor: its saved settings and its texts. */
export type EditedNode<Config = object> = Config & {
  id: string;
  type: string;
  /** The flow it is in; absent = all of them. */
  z?: string;
  /** It is disabled. */
  d?: boolean;
  _(key: TextKey, values?: Record<string, unknown>): string;
  _def: { category: string; defaults: object; credentials?: object };
  /** The credentials typed since the last deploy, and which are stored. */
  credentials?: Record<string, unknown>;
  /** Whether it passed its validators; absent before they ran. */
  valid?: boolean;
};

/** A node that is being added; from the palette it has no place yet. */
export type NewNode<Config = object> = EditedNode<Config> & Partial<PlacedNode>;

/** A saved setting; undefined where the flow is older than the setting. */
export type Setting = string | number | boolean | undefined;

/** Returns why a value cannot be used; the editor shows the text of validators with two parameters. */
export type Validator = (this: EditedNode, value: Setting, options: object) => boolean | string;

/** One entry of a definition's `defaults`. */
export interface Property<Value> {
  value: Value;
  /** The type of the configuration node this property points to. */
  type?: string;
  /** Where `type` is given: false = blank is fine. */
  required?: boolean;
  validate?: Validator;
}

/** The definition of a node in the editor; `defaults` has every setting of its config.ts. */
export interface Definition<Config> {
  category: string;
  defaults: { [Key in keyof Config]-?: Property<Config[Key]> };
  credentials?: Record<string, { type: 'text' | 'password'; validate?: Validator }>;
  color?: string;
  icon?: string;
  inputs?: 0 | 1;
  outputs?: number;
  paletteLabel?(this: EditedNode<Config>): string;
  label(this: EditedNode<Config>): string;
  labelStyle?(this: EditedNode<Config>): string;
  inputLabels?(this: EditedNode<Config>): string;
  outputLabels?(this: EditedNode<Config>): string;
  /** Called while the node is added, before the editor counts who uses which configuration node. */
  onadd?(this: NewNode<Config>): void;
  oneditprepare?(this: EditedNode<Config>): void;
  /** True = the node counts as changed, whatever its settings are. */
  oneditsave?(this: EditedNode<Config>): boolean;
  /** Of a configuration node that is new the editor gives the id alone. */
  oneditcancel?(this: Pick<EditedNode<Config>, 'id'>): void;
  oneditdelete?(this: Pick<EditedNode<Config>, 'id'>): void;
}

/** A type of a TypedInput that is not one of the editor's own. */
export interface TypedInputType {
  value: string;
  label: string;
  icon: string;
  hasValue?: boolean;
  validate?(value: string): boolean | string;
  expand?(): void;
}

/** Where a node of a flow lies; `x` and `y` are its middle. */
export interface PlacedNode {
  x: number;
  y: number;
}

/** A panel that slides over the open dialog. */
export interface Tray {
  title: string;
  /** Infinity = all there is. */
  width: number;
  buttons: { id: string; text: string; class?: 'primary'; click(): void }[];
  open(tray: JQuery): void;
  close(): void;
}

/** The parts of the editor's `RED` that the dialogs use, 4.0 to 5.0. */
export interface EditorRed {
  /** Texts of the editor itself. */
  _(key: 'common.label.cancel' | 'common.label.done' | `typedInput.type.${string}`): string;
  i18n: {
    /** The language of the editor, such as `en-US`. */
    lang(): string;
  };
  comms: {
    subscribe(topic: string, listener: (topic: string, data: unknown) => void): void;
    unsubscribe(topic: string, listener: (topic: string, data: unknown) => void): void;
  };
  events: {
    on(event: string, listener: () => void): void;
    off(event: string, listener: () => void): void;
  };
  notify(message: string, kind: 'success' | 'warning' | 'error'): void;
  nodes: {
    /** A new id. */
    id(): string;
    dirty(isDirty: boolean): void;
    registerType<Config>(type: string, definition: Definition<Config>): void;
    node(id: string): EditedNode | null | undefined;
    eachConfig(visit: (node: EditedNode) => void): void;
  };
  editor: {
    getEditStack(): object[];
    editText(options: { value: string; title?: string; complete(value: string): void }): void;
    editJSON(options: { value: string; complete(value: string): void }): void;
  };
  tray: {
    show(tray: Tray): void;
    /** Calls back when what lies beneath is back in the document. */
    close(done: () => void): void;
  };
  utils: {
    validateTypedProperty(value: string, type: string, options: object): true | string;
  };
  view: {
    /** Adds nodes to the flow that shows; by `touchImport` at once, else they hang on the mouse. */
    importNodes(
      nodes: object[],
      options: { generateIds: boolean; notify: boolean; applyNodeDefaults: boolean; touchImport?: boolean },
    ): { nodeMap: Record<string, object> } | undefined;
    redraw(): void;
  };
  workspaces: {
    isLocked(): boolean;
  };
  clipboard: {
    /** Says beside the element that it was copied; the message is a key of the editor's own catalogue. */
    copyText(text: string, element: JQuery, message: 'clipboard.copyMessageValue'): boolean;
  };
  popover: {
    /** Shows nothing while the content is null. */
    tooltip(target: JQuery, content: () => string | null): { close(instant: boolean): void };
  };
}

declare global {
  interface JQuery {
    typedInput(options: { types: (string | TypedInputType)[]; typeField: string }): this;
    typedInput(action: 'type' | 'value'): string;
    typedInput(action: 'type' | 'value', value: string): void;
    typedInput(action: 'focus'): void;
    autoComplete(options: { minLength: number; search(value: string): string[] }): this;
  }
}
