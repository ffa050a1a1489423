import assert from 'node:assert/strict';
import { type EditorFixture, useEditor } from '../helpers/editor.js';
import type { NodeRedOptions } from '../helpers/node-red.js';

const password = 'only for tests';
/** Of the password, by bcrypt. */
const hash = '$2y$04$czemHYuT./7rYiDjqEads.fsE/t2mdHv2hosr8f5f2Umqv3QFM/vK';
const adminAuth = { type: 'credentials', users: [{ username: 'owner', password: hash, permissions: '*' }] };

/** What a person reads on the way, by language. */
const words = {
  'en-US': {
    text: 'text',
    checked: /^It works\. Balance: 1,000\.00 play money, models: 4, time: [\d.]+ s\.$/,
    money: 'play money',
    price: 'free (0.005 play money an image, 0.01 play money for 2)',
    deployed: 'done',
  },
  de: {
    text: 'Text',
    checked: /^Es funktioniert\. Guthaben: 1\.000,00 Spielgeld, Modelle: 4, Dauer: [\d,]+ s\.$/,
    money: 'Spielgeld',
    price: 'kostenlos (0,005 Spielgeld pro Bild, 0,01 Spielgeld für 2)',
    deployed: 'fertig',
  },
};

const visits: { who: string; locale: keyof typeof words; dark: boolean; options: NodeRedOptions }[] = [
  { who: 'a new user of an empty Node-RED', locale: 'en-US', dark: false, options: {} },
  {
    who: 'a user who logged in, in German and in the dark',
    locale: 'de',
    dark: true,
    options: { settings: { adminAuth } },
  },
];

for (const { who, locale, dark, options } of visits) {
  describe(`the path of ${who} to an image`, function () {
    const setup: EditorFixture = useEditor(options, { locale, dark, animated: true });
    const said = words[locale];

    it('leads over account, check, model, size, price and a try to the debug sidebar', async () => {
      const { editor, watched } = setup;
      const { page } = watched;
      await (options.settings ? editor.logIn('owner', password) : editor.load());
      // Node-RED's own question who it is.
      watched.faults.length = 0;

      const image = await editor.drag('nanogpt-image');
      await page.locator(`[id="${image}"]`).dblclick();
      await page.locator('.nanogpt-form:not([aria-busy]) #nanogpt-add-account').waitFor();
      await editor.openWith('#nanogpt-add-account');
      await page.locator('#nanogpt-service-sandbox').check();
      await page.locator('#nanogpt-check').click();
      const checked = page.locator('#nanogpt-check-result', { hasText: said.money });
      assert.match((await checked.innerText()).trim(), said.checked);
      await editor.done();

      await editor.choose('prompt', said.text);
      await page.locator('#node-input-prompt-text').fill('A lighthouse at {{payload}}');
      await choose('model', 'paint');
      await editor.type('count', '2');
      await choose('size', '512');
      const price = (await page.locator('#nanogpt-price').innerText()).replaceAll('\u00a0', ' ');
      assert.equal(price, said.price);

      await page.locator('#nanogpt-try > summary').click();
      await page.locator('#nanogpt-try input').first().fill('dusk');
      await page.locator('#nanogpt-try .nanogpt-make').click();
      await page.locator('#nanogpt-try img').nth(1).waitFor();
      await editor.done();

      const [inject, debug] = [
        await editor.drag('inject', { x: 120, y: 200 }),
        await editor.drag('debug', { x: 520, y: 200 }),
      ];
      await editor.wire(inject, image);
      await editor.wire(image, debug);
      await editor.deploy();
      await editor.ask("RED.sidebar.show('debug')");
      await page.locator(`[id="${inject}"] .red-ui-flow-node-button-button`).click();
      const message = page.locator('.red-ui-debug-msg', { hasText: /buffer\[\d+\]/ });
      await message.nth(1).waitFor();
      const state = page.locator(`[id="${image}"] .red-ui-flow-node-status-label`, { hasText: said.deployed });
      await state.waitFor();
      assert.deepEqual(watched.faults, []);
    });

    /** Types the beginning of a name and takes what is offered for it. */
    async function choose(name: string, beginning: string): Promise<void> {
      const { page } = setup.watched;
      const input = page.locator(`#node-input-${name} + .red-ui-typedInput-container .red-ui-typedInput-input`);
      await input.click();
      await input.pressSequentially(beginning);
      await page.locator('[role=option]:visible').first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('[role=option]:visible').first().waitFor({ state: 'hidden' });
    }
  });
}
