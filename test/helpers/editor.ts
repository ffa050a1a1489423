import type { Page } from 'playwright-core';
import { type PageOptions, type WatchedPage, requireBrowser, openPage } from './browser.js';
import { type FlowNode, type NodeRedOptions, type RunningNodeRed, startNodeRed } from './node-red.js';

/** Node-RED's editor in a page, in the words of somebody who uses it. */
export interface Editor {
  page: Page;
  /** Loads the flows that Node-RED runs now. */
  load(): Promise<void>;
  /** Loads them as a user, where `adminAuth` asks who it is. */
  logIn(username: string, password: string): Promise<void>;
  /** Drags a node from the palette into the flow, to (300, 200) unless it is told where; answers with its id. */
  drag(type: string, to?: { x: number; y: number }): Promise<string>;
  /** Drags a wire from the output of one node to the input of another. */
  wire(from: string, to: string): Promise<void>;
  /** Opens the dialog of a node or of an account. */
  open(id: string): Promise<void>;
  /** Opens another dialog on top, with a click in the topmost one. */
  openWith(selector: string): Promise<void>;
  /** Closes the topmost dialog and keeps what was changed. */
  done(): Promise<void>;
  /** Closes the topmost dialog and drops what was changed in it. */
  dismiss(): Promise<void>;
  /** Closes all dialogs and drops what was changed. */
  cancel(): Promise<void>;
  deploy(): Promise<void>;
  /** A value of the editor's own, such as `RED.nodes.dirty()`. */
  ask<Value>(expression: string): Promise<Value>;
  /** Types a value into a TypedInput that is not a text area. */
  type(name: string, value: string): Promise<void>;
  /** Chooses the type of a TypedInput by the name in its menu. */
  choose(name: string, type: string): Promise<void>;
}

/** A Node-RED and its editor, for all tests of a suite. */
export interface EditorFixture {
  nodeRed: RunningNodeRed;
  watched: WatchedPage;
  editor: Editor;
}

/** Starts Node-RED and a browser before the tests of the suite that calls it, closes all dialogs after each, and ends both behind them. Where there is no browser the suite is skipped. */
export function useEditor(options: NodeRedOptions = {}, look: PageOptions = {}): EditorFixture {
  const setup = {} as EditorFixture;

  before(async function () {
    requireBrowser(this);
    [setup.nodeRed, setup.watched] = await Promise.all([startNodeRed(options), openPage(look)]);
    setup.editor = editorIn(setup.watched.page, setup.nodeRed);
  });

  after(() => Promise.all([setup.watched?.close(), setup.nodeRed?.stop()]));

  afterEach(() => setup.editor.cancel());

  return setup;
}

/** The flows that Node-RED runs, as it would save them. */
export async function savedNodes(nodeRed: RunningNodeRed): Promise<FlowNode[]> {
  return (await (await nodeRed.get('/flows')).json()) as FlowNode[];
}

/** Drives the editor of a running Node-RED; every action resolves when its effect is there to see. */
export function editorIn(page: Page, nodeRed: RunningNodeRed): Editor {
  const ask = <Value>(expression: string): Promise<Value> => page.evaluate<Value>(expression);
  const container = (name: string) => page.locator(`#node-input-${name} + .red-ui-typedInput-container`);

  return {
    page,
    ask,
    async load() {
      await page.goto(nodeRed.url);
      await loaded();
    },
    async logIn(username, password) {
      await page.goto(nodeRed.url);
      // Who was logged in before still is.
      await page.evaluate('localStorage.clear()');
      await page.reload();
      await page.fill('#node-dialog-login-username', username);
      await page.fill('#node-dialog-login-password', password);
      await page.click('#node-dialog-login-submit');
      await loaded();
    },
    async drag(type, to = { x: 300, y: 200 }) {
      const node = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
      await node.scrollIntoViewIfNeeded();
      await node.dragTo(page.locator('#red-ui-workspace-chart'), { targetPosition: to, steps: 8 });
      return await ask<string>(`RED.nodes.filterNodes({ type: '${type}' }).at(-1).id`);
    },
    async wire(from, to) {
      const [output, input] = [
        page.locator(`[id="${from}"] .red-ui-flow-port-output`),
        page.locator(`[id="${to}"] .red-ui-flow-port-input`),
      ];
      await output.dragTo(input, { steps: 8 });
      await page.waitForFunction(
        `RED.nodes.filterLinks({ source: RED.nodes.node('${from}'), target: RED.nodes.node('${to}') }).length === 1`,
      );
    },
    async open(id) {
      const before = await depth();
      const node = `RED.nodes.node('${id}')`;
      const isAccount = await ask<boolean>(`${node}._def.category === 'config'`);
      await ask(isAccount ? `RED.editor.editConfig('', ${node}.type, '${id}')` : `RED.editor.edit(${node})`);
      await settle(before + 1);
    },
    async openWith(selector) {
      const before = await depth();
      await page.locator(selector).click();
      await settle(before + 1);
    },
    done: () => close('ok'),
    dismiss: () => close('cancel'),
    async cancel() {
      while ((await depth()) > 0) await close('cancel');
    },
    async deploy() {
      const answered = page.waitForResponse(
        (response) => response.url().endsWith('/flows') && response.request().method() === 'POST',
      );
      await page.locator('#red-ui-header-button-deploy').click();
      await answered;
      await page.waitForFunction('!RED.nodes.dirty()');
    },
    async type(name, value) {
      await container(name).locator('.red-ui-typedInput-input').fill(value);
      await page.keyboard.press('Tab');
    },
    async choose(name, type) {
      await container(name).locator('.red-ui-typedInput-type-select').click();
      await page.locator('.red-ui-typedInput-options:visible').getByText(type, { exact: true }).click();
    },
  };

  async function loaded(): Promise<void> {
    await page.locator('.red-ui-palette-node[data-palette-type="nanogpt-info"]').waitFor({ state: 'attached' });
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  async function close(button: 'ok' | 'cancel'): Promise<void> {
    const before = await depth();
    await page.locator(`#node-dialog-${button}:visible, #node-config-dialog-${button}:visible`).click();
    await settle(before - 1);
  }

  function depth(): Promise<number> {
    return ask<number>('RED.editor.getEditStack().length');
  }

  /** Waits until so many dialogs are open, one above the other, and the topmost has slid to its place and is set up. */
  async function settle(count: number): Promise<void> {
    await page.waitForFunction(`RED.editor.getEditStack().length === ${count}`);
    await page.waitForFunction(`(() => {
      const trays = [...document.querySelectorAll('.red-ui-tray')];
      const rests = (tray) => tray.style.right === '0px' && tray.getAnimations().length === 0;
      return trays.length === ${Math.min(count, 1)} && trays.every(rests);
    })()`);
    await page.locator('.nanogpt-form[aria-busy]').waitFor({ state: 'detached' });
  }
}
