import assert from 'node:assert/strict';
import { barriers } from '../helpers/axe.js';
import type { FlowNode } from '../helpers/node-red.js';
import type { AccountSuite } from './sign-in.js';

/** What the runtime may answer to “Check”. */
const healthy = {
  server: 'Redis',
  version: '7.4.1',
  isSupported: true,
  isReplica: false,
  isClusterMode: false,
  eviction: 'noeviction',
  persistence: 'everysec',
  milliseconds: 3,
  accounts: [
    {
      name: 'house',
      service: 'nanogpt',
      concurrency: 4,
      perMinute: 30,
      budgets: { day: 2 },
      instances: [
        { host: 'attic', version: '0.1.0', role: 'both', id: '1f3a7c99' },
        { host: 'attic', version: '0.1.0', role: 'work', id: 'b80e1d22' },
      ],
    },
  ],
};

const sick = {
  ...healthy,
  server: 'Valkey',
  version: '6.2',
  isSupported: false,
  isReplica: true,
  isClusterMode: true,
  eviction: 'allkeys-lru',
  persistence: 'none',
  accounts: [],
};

const askers = {
  ...healthy.accounts[0],
  perMinute: 0,
  budgets: {},
  instances: [
    { host: 'attic', version: '0.1.0', role: 'ask', id: '1f3a7c99' },
    { host: 'cellar', version: '0.2.0', role: 'ask', id: 'b80e1d22' },
  ],
};

/** The tests of the dialog of a cluster, in an editor with the accounts `builtIn`, which is in none, and `spare`. */
export function testCluster(suite: () => AccountSuite): void {
  const page = () => suite().watched.page;
  const field = (name: string) => page().locator(`#node-config-input-${name}`);
  const report = () => page().locator('#nanogpt-cluster-report .nanogpt-answer');
  const more = () => page().locator('#nanogpt-cluster-more');

  /** Presses “Check” with an answer of the runtime, and gives the sentences with the icon of each. */
  async function check(answer?: object): Promise<[icon: string, text: string][]> {
    if (answer)
      await page().route('**/nanogpt-cluster/check', (route) => route.fulfill({ json: answer }), { times: 1 });
    await page().locator('#nanogpt-check-cluster').click();
    await page().locator('#nanogpt-check-cluster:enabled').waitFor();
    const icons = await report()
      .locator('i')
      .evaluateAll((all) => all.map(({ className }) => className.replace('fa ', '')));
    return (await report().allInnerTexts()).map((text, index) => [icons[index]!, text.trim()]);
  }

  it('leads from an account to a new cluster with a secret of its own, which the flow does not hold', async () => {
    const { editor } = suite();
    await editor.open('spare');
    assert.ok(await field('cluster').isHidden());
    await page().locator('#nanogpt-shared summary').click();
    await editor.openWith('#node-config-input-btn-cluster-add');
    assert.equal(await field('url').inputValue(), 'redis://127.0.0.1:6379');
    assert.equal(await field('secret').getAttribute('class'), 'input-error');
    await page().locator('#nanogpt-make-secret').click();
    const secret = await page().locator('#nanogpt-made-secret code').innerText();
    assert.match(secret, /^[\w-]{43}$/);
    assert.equal(await field('secret').inputValue(), secret);
    await more().locator('summary').click();
    await field('timezone').fill('new yo');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    assert.equal(await field('timezone').inputValue(), 'America/New_York');
    await editor.done();

    await field('clusterAccount').fill('{house}');
    await page().locator('#node-config-input-clusterAccount.input-error').waitFor();
    await field('clusterAccount').fill('house');
    await editor.done();
    const saved = await editor.ask<FlowNode[]>('RED.nodes.createCompleteNodeSet({ credentials: false })');
    const spare = saved.find(({ id }) => id === 'spare');
    const made = saved.find(({ id }) => id === spare?.cluster);
    assert.deepEqual(
      [spare?.clusterAccount, made?.type, made?.timezone],
      ['house', 'nanogpt-cluster', 'America/New_York'],
    );
    assert.ok(!JSON.stringify(saved).includes(secret));
  });

  it('shows a secret that was made until another is typed, and never again', async () => {
    await suite().editor.open('cluster');
    await page().locator('#nanogpt-make-secret').click();
    await field('secret').fill('one of my own, long enough');
    assert.equal(await page().locator('#nanogpt-made-secret').innerText(), '');
  });

  it('checks without the packages: one command brings them', async () => {
    await suite().editor.open('cluster');
    await field('secret').fill('one of my own, long enough');
    const [[icon, text] = [], ...others] = await check();
    assert.equal(icon, 'fa-exclamation-triangle');
    assert.match(text!, /run “npm install bullmq@6 ioredis@6” in the user directory of Node-RED, and restart it\.$/);
    assert.deepEqual(others, []);
  });

  it('says what is good, and forgets it when the address changes', async () => {
    await suite().editor.open('cluster');
    assert.deepEqual(await check(healthy), [
      ['fa-check-circle', 'Redis 7.4.1 answers (3 ms).'],
      ['fa-check-circle', 'It deletes nothing when its memory is full (noeviction).'],
      ['fa-check-circle', 'Changes are on disk within a second (appendonly).'],
      ['fa-check-circle', 'house: for all together 4 concurrent, 30 images a minute, 2 USD a day.'],
      ['fa-check-circle', 'house on attic (1f3a7c): version 0.1.0, asks and works.'],
      ['fa-check-circle', 'house on attic (b80e1d): version 0.1.0, works only.'],
    ]);
    await field('url').fill('redis://elsewhere');
    assert.equal(await report().count(), 0);
  });

  it('says what is bad, each in a sentence', async () => {
    await suite().editor.open('cluster');
    assert.deepEqual(await check(sick), [
      ['fa-exclamation-triangle', 'Valkey 6.2 answers, but version 7 or later is needed.'],
      ['fa-exclamation-triangle', 'This Redis is a replica, which takes no writes: give the address of the primary.'],
      [
        'fa-exclamation-triangle',
        'This Redis is part of a Redis Cluster, which is not supported: give the address of one that stands alone.',
      ],
      [
        'fa-exclamation-triangle',
        'It deletes keys when its memory is full (maxmemory-policy allkeys-lru), what was spent among them: set noeviction.',
      ],
      ['fa-exclamation-circle', 'Nothing is on disk: when Redis restarts, what waits is lost. Set appendonly yes.'],
      ['fa-exclamation-circle', 'No Node-RED is alive in this cluster: choose it in an account and deploy.'],
    ]);
  });

  it('says where no instance takes requests, and where versions differ', async () => {
    await suite().editor.open('cluster');
    const texts = (await check({ ...healthy, accounts: [askers] })).map(([, text]) => text);
    assert.deepEqual(texts.slice(3), [
      'house: for all together 4 concurrent, no budget.',
      'house on attic: version 0.1.0, asks only.',
      'house on cellar: version 0.2.0, asks only.',
      'house: no instance takes requests, so they would wait in vain.',
      'The versions differ: update this package everywhere.',
    ]);
  });

  it('says what the others have otherwise', async () => {
    await suite().editor.open('cluster');
    const differences = [{ what: 'secret' }, { what: 'timezone', theirs: 'Asia/Tokyo', ours: 'UTC' }];
    const found = await check({ ...healthy, accounts: [{ ...healthy.accounts[0], differences }] });
    assert.deepEqual(found.slice(6), [
      [
        'fa-exclamation-triangle',
        'house: the others have another secret, so this Node-RED would be refused: type theirs.',
      ],
      [
        'fa-exclamation-triangle',
        'house: the others have the time zone Asia/Tokyo and not UTC, so this Node-RED would be refused: choose theirs.',
      ],
    ]);
  });

  it('marks what the runtime would refuse', async () => {
    await suite().editor.open('cluster');
    await more().evaluate((details) => ((details as HTMLDetailsElement).open = true));
    const values = { url: 'redis://:word@house', secret: 'short', timezone: 'Mars/Olympus', prefix: 'a b' };
    for (const [name, value] of Object.entries(values)) await field(name).fill(value);
    await page().keyboard.press('Tab');
    const marked = await page()
      .locator('.nanogpt-form .input-error:visible')
      .evaluateAll((fields) => fields.map(({ id }) => id.slice(18)));
    assert.deepEqual(marked, Object.keys(values));
  });

  for (const theme of ['light', 'dark']) {
    it(`has nothing that axe-core finds, ${theme}`, async () => {
      const { editor } = suite();
      await editor.ask(`$('html').toggleClass('nr-theme-dark', ${theme === 'dark'})`);
      await editor.open('cluster');
      await editor.ask("$('.nanogpt-form details').prop('open', true)");
      await page().locator('#nanogpt-make-secret').click();
      await check(sick);
      assert.deepEqual(await barriers(page()), []);
    });
  }
}
