import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import type { AnyMessage } from '../../helpers/flow.js';
import { accountOf, deploy, leave, nodeOf, post } from '../../helpers/dialog.js';

const paths = ['nanogpt-config/models', 'nanogpt-config/check', 'nanogpt-image/dry-run', 'nanogpt-image/try'];
const good = { account: accountOf({ service: 'sandbox' }, 'new'), node: nodeOf(), sample: { payload: 'a fox' } };

describe('a question of a dialog', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(() => deploy());
  afterEach(leave);

  const bad: [what: string, body: AnyMessage][] = [
    ['nothing', {}],
    ['a list', [good]],
    ['an account that is none', { ...good, account: 'new' }],
    ['an account without an id', { ...good, account: { ...good.account, id: undefined } }],
    ['an id that is a path', { ...good, account: { ...good.account, id: '../other' } }],
    ['an id that is the folder above', { ...good, account: { ...good.account, id: '..' } }],
    ['an id that is no text', { ...good, account: { ...good.account, id: { toString: 'x' } } }],
    ['a setting that is an object', { ...good, account: { ...good.account, baseUrl: { href: 'http://host' } } }],
    ['a setting that is a list', { ...good, account: { ...good.account, model: ['a'] } }],
    ['a setting that is a switch and should be text', { ...good, account: { ...good.account, baseUrl: true } }],
    ['a key that is no text', { ...good, apiKey: 7 }],
  ];
  for (const path of paths) {
    for (const [what, body] of bad) {
      it(`is none with ${what}: ${path}`, async () =>
        assert.deepEqual(await post(path, body).then(({ status, text }) => [status, text]), [400, 'Bad Request']));
    }
  }

  const badTrials: [what: string, body: AnyMessage][] = [
    ['a node', { ...good, node: undefined }],
    ['the id of a node', { ...good, node: { ...good.node, id: 7 } }],
    ['fields of text', { ...good, node: { ...good.node, prompt: ['payload'] } }],
    ['a sample', { ...good, sample: undefined }],
    ['properties', { ...good, sample: ['a fox'] }],
  ];
  for (const path of paths.slice(2)) {
    for (const [what, body] of badTrials) {
      it(`is none without ${what}: ${path}`, async () => assert.equal((await post(path, body)).status, 400));
    }
  }

  it('may leave out settings that are as by default, and bring others', async () => {
    const body = {
      account: { id: 'new', service: 'sandbox', colour: 'red', timeout: 20, budget: null, retryUnknown: '${NOT_SET}' },
      node: { id: 'fresh', wires: [[]], count: 1 },
      sample: { payload: 'a fox' },
    };
    for (const path of paths)
      assert.deepEqual(await post(path, body).then(({ status, body: { problem } }) => [status, problem]), [
        200,
        undefined,
      ]);
  });

  for (const path of [...paths, 'nanogpt-image/images/x']) {
    it(`of a page of another site is refused: ${path}`, async () => {
      const ask = (site: string): Promise<{ status: number }> =>
        path.includes('images')
          ? helper.request().get(`/${path}`).set('sec-fetch-site', site)
          : post(path, good, { 'sec-fetch-site': site });
      assert.equal((await ask('cross-site')).status, 403);
      for (const site of ['same-origin', 'same-site', 'none']) assert.ok([200, 404].includes((await ask(site)).status));
    });
  }

  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
    it(`of a form is refused, as any page may send one: ${type}`, async () => {
      for (const path of paths) {
        const { status } = await helper
          .request()
          .post(`/${path}`)
          .set('content-type', type)
          .send('account[id]=new&account[service]=sandbox');
        assert.equal(status, 400);
      }
    });
  }

  it('is answered to be forgotten', async () => {
    for (const path of paths) assert.equal((await post(path, good)).headers['cache-control'], 'no-store');
  });
});
