import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { savedNodes, useEditor } from '../helpers/editor.js';
import { exampleNames, readExample } from '../helpers/example.js';

const names = exampleNames.map((file) => file.replace(/\.json$/, ''));

/** The ids of an example's nodes. */
function listIds(name = ''): string[] {
  return readExample(name.slice(0, 2)).flatMap(({ type, id }) => (type === 'tab' ? [] : [id]));
}

describe('the import menu', function () {
  const setup = useEditor();

  before(() => setup.editor.load());

  /** Opens the list of our examples, as a person does it: menu, Import, Examples, the package. */
  async function openExamples(): Promise<Locator> {
    const { page } = setup.watched;
    await page.locator('#red-ui-header-button-sidemenu').click();
    await page.locator('#menu-item-import').click();
    const dialog = page.locator('.ui-dialog:visible');
    await dialog.getByText('Examples', { exact: true }).first().click();
    await dialog.getByText('@flow-easel/node-red-nanogpt').click();
    return dialog;
  }

  it('offers each, and imports the one that is chosen', async () => {
    const dialog = await openExamples();
    for (const name of names) await dialog.getByText(name, { exact: true }).waitFor();
    await dialog.getByText(String(names[0]), { exact: true }).click();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    // The file comes from Node-RED after the dialog has closed.
    await setup.watched.page.waitForFunction(`RED.nodes.node('${listIds(names[0]).at(-1)}')`);
  });

  it('takes all others, each whole and without a fault', async () => {
    for (const name of names.slice(1)) {
      // What is there already, an account or a broker, is used as it is, as "Import copy" does.
      const fresh = `${JSON.stringify(readExample(name.slice(0, 2)))}.filter(({ id }) => !RED.nodes.node(id))`;
      await setup.editor.ask(`RED.view.importNodes(${fresh}, { generateIds: false })`);
    }
    const invalid = `${JSON.stringify(names.flatMap(listIds))}.filter((id) => !RED.nodes.node(id) || RED.nodes.node(id).valid === false)`;
    await setup.watched.page.waitForFunction(`${invalid}.length === 0`);
  });

  it('shows them whole on a screen of 1280 pixels', async () => {
    const wide = `${JSON.stringify(names.flatMap(listIds))}.map((id) => RED.nodes.node(id)).filter((node) => node.x + node.w / 2 > 1280).map(({ id }) => id)`;
    assert.deepEqual(await setup.editor.ask(wide), []);
  });

  it('leaves flows that can be deployed', async () => {
    await setup.editor.deploy();
    const types = (await savedNodes(setup.nodeRed)).map(({ type }) => type);
    assert.equal(types.filter((type) => type === 'tab').length, exampleNames.length + 1);
    assert.deepEqual(setup.watched.faults, []);
  });
});
