import assert from 'node:assert/strict';
import { savedNodes, useEditor } from '../helpers/editor.js';
import { exampleNames, readExample } from '../helpers/example.js';

describe('the import menu', function () {
  this.timeout(20_000);
  const stage = useEditor();

  before(() => stage.editor.load());

  /** As a person does it: menu, Import, Examples, the package, the file, Import. */
  async function importExample(name: string): Promise<void> {
    const { page } = stage.watched;
    await page.locator('#red-ui-header-button-sidemenu').click();
    await page.locator('#menu-item-import').click();
    const dialog = page.locator('.ui-dialog:visible');
    await dialog.getByText('Examples', { exact: true }).first().click();
    await dialog.getByText('@flow-easel/node-red-nanogpt').click();
    await dialog.getByText(name, { exact: true }).click();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  for (const name of exampleNames.map((file) => file.replace(/\.json$/, ''))) {
    it(`offers “${name}”, whole and without a fault`, async () => {
      await importExample(name);
      const ids = readExample(name.slice(0, 2)).flatMap(({ type, id }) => (type === 'tab' ? [] : [id]));
      // The file comes from Node-RED after the dialog has closed.
      await stage.watched.page.waitForFunction(`RED.nodes.node('${ids.at(-1)}')`);
      assert.deepEqual(
        await stage.editor.ask(
          `${JSON.stringify(ids)}.filter((id) => !RED.nodes.node(id) || RED.nodes.node(id).valid === false)`,
        ),
        [],
      );
    });
  }

  it('leaves flows that can be deployed', async () => {
    await stage.editor.deploy();
    const types = (await savedNodes(stage.nodeRed)).map(({ type }) => type);
    assert.equal(types.filter((type) => type === 'tab').length, exampleNames.length + 1);
    assert.deepEqual(stage.watched.faults, []);
  });
});
