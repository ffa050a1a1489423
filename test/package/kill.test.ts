import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type FlowNode, type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { temporaryFolder } from '../helpers/packed.js';
import { type TestService, startService } from '../helpers/service.js';
import { readLedger, list, price } from '../helpers/priced-service.js';

/** How many requests may be under way at once. */
const concurrency = 8;
/** What it takes to see the sums. */
const asking = 'nanogpt-config.write';
const apiKey = 'sk-nano-of-the-test';
const password = 'only for tests';
const hash = '$2b$04$Mi40zCv73c0G9d82MadEqu2sYQiVfzXuwbOWoWAyxr73x/ciWnPL6';

/** The smallest PNG, of one pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

function flowsFor(account: object): FlowNode[] {
  const at = { z: 'tab', x: 100, y: 100 };
  return [
    { id: 'tab', type: 'tab', label: 'test' },
    {
      id: 'account',
      type: 'nanogpt-config',
      model: 'hidream',
      concurrency,
      perMinute: 0,
      budget: 1000,
      budgetPeriod: 'month',
      ...account,
    },
    {
      id: 'press',
      type: 'inject',
      props: [{ p: 'payload' }],
      payload: 'a fox',
      payloadType: 'str',
      wires: [['image']],
      ...at,
    },
    { id: 'image', type: 'nanogpt-image', account: 'account', wires: [[]], ...at },
  ];
}

describe('Node-RED, killed in the middle of a burst', function () {
  /** Stays when a user directory goes. */
  let books: string;
  let service: TestService;
  let nodeRed: RunningNodeRed | undefined;
  /** What the service has charged: for every request that it answered, whether the answer arrived or not. */
  let charged = 0;
  let orders = 0;

  /** The account of the second start. It is asked for nothing, and needs no key. */
  const compatible = (): object => ({ service: 'compatible', baseUrl: service.url });

  /** The second start finds the books where the first left them. */
  async function start(options: Parameters<typeof startNodeRed>[0]): Promise<RunningNodeRed> {
    nodeRed = await startNodeRed(options);
    await symlink(books, join(nodeRed.userDir, 'flow-easel-nanogpt'), 'junction');
    return nodeRed;
  }

  before(async () => {
    books = join(temporaryFolder(), 'books');
    await mkdir(books);
    service = await startService(
      ({ method }, response) => {
        if (method === 'GET') return { body: list };
        orders += 1;
        // Each takes another time, so that the kill meets some at every stage.
        setTimeout(
          () => {
            charged += price;
            response.end(JSON.stringify({ data: [{ b64_json: png }], cost: price, paymentSource: 'USD' }));
          },
          5 + ((orders * 37) % 60),
        );
        return undefined;
      },
      { stays: true },
    );
    const running = await start({});
    await running.deploy(flowsFor({ service: 'nanogpt', baseUrl: service.url }), { account: { apiKey } });
    await Promise.all(Array.from({ length: 60 }, () => running.post('/inject/press')));
    await service.saw(25);
    await running.stop('SIGKILL');
    const adminAuth = {
      type: 'credentials',
      users: ['*', 'write', asking, 'nanogpt-config.read', 'flows.read'].map((permissions) => ({
        username: permissions,
        password: hash,
        permissions,
      })),
    };
    await start({ flows: flowsFor(compatible()), settings: { adminAuth } });
  });

  after(async () => {
    await nodeRed?.stop();
    await service?.close();
  });

  /** Logs the user in who may do that. */
  async function login(permission: string): Promise<Record<string, string>> {
    const body = JSON.stringify({
      client_id: 'node-red-admin',
      grant_type: 'password',
      scope: permission,
      username: permission,
      password,
    });
    const answer = await fetch(`${nodeRed?.url}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(answer.status, 200);
    return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
  }

  const ask = async (headers: Record<string, string>): Promise<Response> => {
    const body = JSON.stringify({ account: flowsFor(compatible())[1] });
    return fetch(`${nodeRed?.url}/nanogpt-config/models`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
  };
  const count = (lines: Record<string, unknown>[], at: string): number => lines.filter((line) => line.at === at).length;

  it('has every request that the service saw in its ledger, less at most the answers under way', async () => {
    const lines = await readLedger(books);
    assert.ok(orders >= 20 && orders < 60, `${orders} orders`);
    const [sent, paid] = [count(lines, 'sent'), count(lines, 'paid')];
    // What was on disk may not have left any more.
    assert.ok(sent >= orders && sent <= orders + concurrency, `${sent} of ${orders} in the books`);
    assert.ok(paid > 0 && paid >= sent - concurrency, `${paid} of ${sent} paid`);
  });

  it('counts what was under way as possibly paid after the restart, and says so in the log', async () => {
    const before = await readLedger(books);
    const { spending } = (await (await ask(await login(asking))).json()) as {
      spending: { month: number; unknown: number; inMemory: boolean };
    };
    const [, warned] =
      (await nodeRed?.logged(/\[nanogpt-config:account\] (\d+) requests were under way when Node-RED stopped/)) ?? [];
    const lines = await readLedger(books);
    const [sent, paid, unknown] = [count(lines, 'sent'), count(lines, 'paid'), count(lines, 'unknown')];
    assert.equal(sent, count(before, 'sent'));
    assert.equal(sent, paid + unknown);
    assert.deepEqual([Number(warned), spending.unknown], [unknown, unknown]);
    assert.equal(spending.inMemory, false);
    const [low, high] = [paid * price, sent * price];
    assert.ok(low <= charged + 1e-6 && charged <= high + 1e-6, `${low} <= ${charged} <= ${high}`);
    assert.ok(Math.abs(spending.month - high) < 1e-6, `${spending.month} in the books`);
  });

  it('shows the sums only to users with the permission, and never the key', async () => {
    const headers = [
      {},
      await login('flows.read'),
      await login('nanogpt-config.read'),
      await login(asking),
      await login('write'),
      await login('*'),
    ];
    const answers = await Promise.all(headers.map(ask));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401, 401, 200, 200, 200],
    );
    for (const answer of answers) assert.ok(!(await answer.text()).includes('sk-nano'));
  });
});
