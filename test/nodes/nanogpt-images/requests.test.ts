import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import type { AnyMessage } from '../../helpers/flow.js';
import { makeAccount, deploy, leave, makeNode, post } from '../../helpers/dialog.js';

const paths = ['nanogpt-config/models', 'nanogpt-config/check', 'nanogpt-image/dry-run', 'nanogpt-image/try'];
const good = { account: makeAccount({ service: 'sandbox' }, 'new'), node: makeNode(), sample: { payload: 'a fox' } };

describe('a request of a dialog', () => {
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
    ['a ticket that is no text', { ...good, ticket: 7 }],
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
      account: { id: 'new', service: 'sandbox', colour: 'red', timeout: 20, budget: null, retryUnknown: 'false' },
      node: { id: 'fresh', wires: [[]], count: 1 },
      sample: { payload: 'a fox' },
    };
    for (const path of paths)
      assert.deepEqual(await post(path, body).then(({ status, body: { problem } }) => [status, problem]), [
        200,
        undefined,
      ]);
  });

  const origins: [what: string, headers: Record<string, string>, isRefused: boolean][] = [
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, true],
    [
      'a page of another site that names itself',
      { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' },
      true,
    ],
    ['a neighbour in the same domain', { 'sec-fetch-site': 'same-site', origin: 'https://other.house.lan' }, true],
    ['the editor', { 'sec-fetch-site': 'same-origin', origin: 'https://nodered.house.lan' }, false],
    ['an address that somebody typed', { 'sec-fetch-site': 'none' }, false],
    ['a program', {}, false],
    ['another site, over plain http in a LAN', { host: 'nodered.lan:1880', origin: 'http://evil.example' }, true],
    ['another port of the same host', { host: 'nodered.lan:1880', origin: 'http://nodered.lan' }, true],
    ['a page without an origin', { host: 'nodered.lan:1880', origin: 'null' }, true],
    ['the editor, over plain http in a LAN', { host: 'nodered.lan:1880', origin: 'http://nodered.lan:1880' }, false],
    ['the editor by a name in capitals', { host: 'NodeRED.lan', origin: 'http://nodered.lan' }, false],
    [
      'the editor behind a proxy',
      { 'x-forwarded-host': 'house.example, inner', origin: 'https://house.example' },
      false,
    ],
    ['another site, behind a proxy', { 'x-forwarded-host': 'house.example', origin: 'https://evil.example' }, true],
  ];
  for (const [from, headers, isRefused] of origins) {
    it(`from ${from} is ${isRefused ? 'refused' : 'answered'}`, async () => {
      for (const path of paths) assert.equal((await post(path, good, headers)).status, isRefused ? 403 : 200, path);
      const { status } = await helper.request().get('/nanogpt-image/images/x').set(headers);
      assert.equal(status, isRefused ? 403 : 404);
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

  it('is answered with no-store', async () => {
    for (const path of paths) assert.equal((await post(path, good)).headers['cache-control'], 'no-store');
  });
});
