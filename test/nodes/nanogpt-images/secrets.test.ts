import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import * as util from '@node-red/util';
import helper from 'node-red-node-test-helper';
import { type AnyMessage, apiKey } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';
import type { Reply, Seen } from '../../helpers/service.js';
import { type DeployedFlow, deploy, leave, makeNode, post } from '../../helpers/dialog.js';

const { events } = util as unknown as { events: EventEmitter };
const typed = 'sk-nano-99999999-8888-7777-6666-555555555555';
const paths = ['nanogpt-config/models', 'nanogpt-config/check', 'nanogpt-image/dry-run', 'nanogpt-image/try'];

/** What a service may quote, everywhere it can say something. */
const echo = ({ headers, text }: Seen): string =>
  `You are ${headers.authorization ?? headers['x-api-key'] ?? 'a stranger'} and sent ${text}`;

const replies: [what: string, reply: (seen: Seen) => Reply | undefined][] = [
  ...[400, 401, 404, 429, 500].map((status): [string, (seen: Seen) => Reply] => [
    `${status} in JSON`,
    (seen) => ({ status, body: { error: { message: echo(seen) } } }),
  ]),
  ['a page', (seen) => ({ status: 502, body: `<pre>${echo(seen)}</pre>` })],
  ['a 200 that is no JSON', (seen) => ({ body: echo(seen) })],
  ['a 200 with an error', (seen) => ({ body: { error: { message: echo(seen) } } })],
  [
    'the names and prices of its models',
    (seen) => ({
      body: {
        data: [
          {
            id: echo(seen),
            name: echo(seen),
            pricing: { per_image: { [echo(seen)]: 1 }, currency: echo(seen) },
            supported_parameters: { [echo(seen)]: { type: 'enum', values: [echo(seen)] } },
          },
        ],
      },
    }),
  ],
  [
    'an address that fails',
    (seen) =>
      /\.png$/.test(seen.path)
        ? { status: 403, body: echo(seen) }
        : { body: { data: [{ url: `http://${seen.headers.host}/x.png` }] } },
  ],
];

/** The ways in which the dialogs may ask, each with another account. */
const ways: [what: string, change: (account: AnyMessage) => AnyMessage][] = [
  ['the deployed account', (account) => ({ account })],
  ['settings that are not deployed', (account) => ({ account: { ...account, timeout: 9 } })],
  ['an account that is not deployed', (account) => ({ account: { ...account, id: 'new' }, apiKey: typed })],
  ['another address', (account) => ({ account: { ...account, baseUrl: 'http://127.0.0.1:9' } })],
  [
    'another address and a key',
    (account) => ({ account: { ...account, baseUrl: 'http://127.0.0.1:9' }, apiKey: typed }),
  ],
  ['a key that cannot be sent', (account) => ({ account, apiKey: `${typed} ü` })],
  ['settings that cannot work', (account) => ({ account: { ...account, budget: apiKey }, apiKey: typed })],
  ['the key in other fields', (account) => ({ account: { ...account, model: apiKey }, apiKey: typed })],
  ['a body that is no question', (account) => ({ account: { ...account, id: { apiKey: typed } }, apiKey: [typed] })],
];

describe('what leaves the routes never holds a key', () => {
  let heard: unknown[];
  const hear = (...told: unknown[]): number => heard.push(told);

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(() => {
    heard = [];
    for (const name of ['comms', 'node-status', 'runtime-event']) events.on(name, hear);
  });
  afterEach(async () => {
    for (const name of ['comms', 'node-status', 'runtime-event']) events.off(name, hear);
    await leave();
  });

  /** Asks all routes in all ways and holds all that was answered, logged, shown and published against the keys. */
  async function askAll(flow: DeployedFlow): Promise<void> {
    for (const [what, change] of ways) {
      for (const path of paths) {
        const { text, headers } = await post(path, {
          node: makeNode({ prompt: 'a {{topic}}', promptType: 'str' }),
          sample: { payload: 'a fox', topic: 'x' },
          ...change(flow.account),
        });
        for (const key of [apiKey, typed])
          assert.ok(!(text + JSON.stringify(headers)).includes(key), `${path} with ${what}: ${text}`);
      }
    }
    const all = inspect([flow.log(), flow.statuses, flow.warnings, heard], {
      depth: null,
      maxStringLength: null,
      maxArrayLength: null,
      showHidden: true,
      breakLength: Infinity,
    });
    for (const key of [apiKey, typed])
      assert.ok(!all.includes(key), `in the log: ${all.slice(all.indexOf(key) - 200, all.indexOf(key) + 80)}`);
  }

  for (const service of ['nanogpt', 'compatible']) {
    for (const [what, reply] of replies) {
      it(`though ${service} quotes it in ${what}`, async () => askAll(await deploy(reply, { account: { service } })));
    }

    it(`where all is well with ${service}`, async () => {
      const png = await image();
      await askAll(
        await deploy(
          ({ method, path }) =>
            method === 'GET'
              ? { body: { data: [{ id: 'sd' }] } }
              : path.includes('balance')
                ? { body: { usd_balance: 1 } }
                : answer([png]),
          { account: { service } },
        ),
      );
    });

    it(`when no server answers (${service})`, async () => {
      const flow = await deploy({}, { account: { service } });
      await flow.service.close();
      await askAll(flow);
    });
  }
});
