import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import nanogptImages from '../../nodes/nanogpt-images/nanogpt-images.js';
import { type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { startService } from '../helpers/service.js';
import { readLedger } from '../helpers/priced-service.js';

interface Route {
  method: 'get' | 'post';
  path: string;
  permission: string;
}

/** Everything that the package adds to Node-RED's admin interface, as its plugin adds it. */
function registeredRoutes(): Route[] {
  const routes: Route[] = [];
  const register =
    (method: Route['method']) =>
    (path: string, permission: string): number =>
      routes.push({ method, path, permission });
  const httpAdmin = new Proxy({}, { get: (_, method) => register(method as Route['method']) });
  const RED = {
    auth: { needsPermission: (permission: string) => permission },
    events: { on: () => undefined, removeAllListeners: () => undefined },
    httpAdmin,
  } as unknown as NodeAPI;
  nanogptImages(RED);
  return routes;
}

const password = 'only for tests';
const hash = '$2b$04$Mi40zCv73c0G9d82MadEqu2sYQiVfzXuwbOWoWAyxr73x/ciWnPL6';
const apiKey = 'sk-nano-11111111-2222-3333-4444-555555555555';

/** A question that each route answers without a service of anybody's. */
const account = { id: 'new', type: 'nanogpt-config', service: 'sandbox', budget: 1 };
const question = {
  account,
  apiKey,
  cluster: { id: 'new-cluster', type: 'nanogpt-cluster' },
  secret: 'no secret but long enough',
  node: { id: 'fresh', z: 'tab', size: '64x64', parameters: '{}' },
  sample: { payload: 'a red fox' },
  id: 'nothing',
  accountId: 'open',
  made: false,
  ticket: 'nothing',
};

/** A budget for one image. */
const cheap = { model: 'sandbox/ink', budget: 0.005 };

describe('the routes of the dialogs in a Node-RED with users', function () {
  const routes = registeredRoutes();
  const users = [
    '*',
    'read',
    'write',
    'flows.read',
    'flows.write',
    'nodes.write',
    ...new Set(routes.flatMap(({ permission }) => [permission, permission.replace(/\.write$/, '.read')])),
  ];
  const tokens = new Map<string, string>();
  let nodeRed: RunningNodeRed;

  before(async () => {
    const adminAuth = {
      type: 'credentials',
      users: users.map((permissions) => ({ username: permissions, password: hash, permissions })),
    };
    const flows = [
      { id: 'tab', type: 'tab', label: 'test' },
      { ...account, id: 'deployed', name: 'cheap account', ...cheap },
      { ...account, id: 'open', name: 'open account' },
      { id: 'image', type: 'nanogpt-image', account: 'deployed', z: 'tab', x: 100, y: 100, wires: [[]] },
    ];
    nodeRed = await startNodeRed({ flows, settings: { adminAuth } });
    for (const user of users) tokens.set(user, await logIn(user));
  });
  after(() => nodeRed?.stop());

  async function logIn(user: string): Promise<string> {
    const body = JSON.stringify({
      client_id: 'node-red-admin',
      grant_type: 'password',
      scope: user,
      username: user,
      password,
    });
    const answer = await fetch(`${nodeRed.url}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  function ask(
    { method, path }: Pick<Route, 'method' | 'path'>,
    user?: string,
    { signal = null, ...more }: { signal?: AbortSignal | null; headers?: object; body?: object } = {},
  ): Promise<Response> {
    const headers = {
      'content-type': 'application/json',
      ...(user && { authorization: `Bearer ${tokens.get(user)}` }),
      ...more.headers,
    };
    return fetch(nodeRed.url + path, {
      method: method.toUpperCase(),
      headers,
      ...(method === 'post' && { body: JSON.stringify(more.body ?? question) }),
      signal,
    });
  }

  /** A route with an image in place of `:id`. */
  async function real(route: Route): Promise<Route> {
    if (!route.path.includes(':id')) return route;
    const body = { ...question, account: { ...account, id: 'open' } };
    await ask({ method: 'post', path: '/nanogpt-image/try' }, '*', { body });
    const history = await ask({ method: 'get', path: '/nanogpt-image/history' }, '*');
    const { items } = (await history.json()) as { items: { id: string }[] };
    return { ...route, path: route.path.replace(':id', items[0]!.id) };
  }

  it('are there, once each', () => {
    assert.ok(routes.length >= 5);
    assert.equal(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size, routes.length);
  });

  for (const route of routes) {
    const { method, path, permission } = route;

    it(`take a permission of their own node: ${method} ${path}`, () => {
      const [, type] = path.split('/');
      assert.match(permission, new RegExp(`^${type}\\.write$`));
    });

    it(`refuse who has none: ${method} ${path}`, async () => {
      const asked = await real(route);
      assert.equal((await ask(asked)).status, 401);
      assert.equal((await ask(asked, undefined, { headers: { authorization: 'Bearer nothing' } })).status, 401);
      const covers = ['*', 'write', permission];
      for (const user of users.filter((name) => !covers.includes(name)))
        assert.equal((await ask(asked, user)).status, 401, user);
    });

    it(`answer who has it: ${method} ${path}`, async () => {
      const asked = await real(route);
      for (const user of ['*', 'write', permission]) {
        const answer = await ask(asked, user);
        assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [200, null], user);
        if (method !== 'post') continue;
        const { problem } = (await answer.json()) as { problem?: { key: string } };
        // What it needs is installed by those who have a cluster.
        assert.equal(problem?.key, path === '/nanogpt-cluster/check' ? 'cluster_packages' : undefined);
      }
    });

    it(`refuse pages of other sites, whoever is logged in: ${method} ${path}`, async () => {
      const headers = { origin: 'http://evil.example' };
      const answer = await ask(await real(route), '*', { headers });
      assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [403, null]);
    });
  }

  for (const id of ['deployed', 'kept']) {
    it(`keep to the budget and the books on disk of an account that is ${id === 'deployed' ? '' : 'not '}deployed`, async () => {
      const body = { ...question, account: { ...account, id, ...cheap } };
      const answers = [];
      for (let count = 0; count < 2; count++)
        answers.push(await (await ask({ method: 'post', path: '/nanogpt-image/try' }, '*', { body })).json());
      assert.equal((answers[1] as { problem: { code: string } }).problem.code, 'budget_exceeded');
      const { spending } = (await (
        await ask({ method: 'post', path: '/nanogpt-config/models' }, '*', { body })
      ).json()) as { spending: object };
      assert.deepEqual(spending, { hour: 0.004, day: 0.004, month: 0.004, unknown: 0, inMemory: false });
      const lines = await readLedger(`${nodeRed.userDir}/flow-easel-nanogpt`, id);
      assert.deepEqual(
        lines.map(({ at, model, cost }) => [at, model, cost]),
        [
          ['sent', 'sandbox/ink', undefined],
          ['paid', undefined, 0.004],
        ],
      );
    });
  }

  it('stop asking the service when the dialog no longer waits', async () => {
    let cut: () => void = () => undefined;
    const isCut = new Promise<void>((resolve) => (cut = resolve));
    const silent = await startService((_, response) => void response.on('close', cut));
    const gone = new AbortController();
    const body = { account: { id: 'new', service: 'compatible', baseUrl: silent.url } };
    const asked = ask({ method: 'post', path: '/nanogpt-config/check' }, '*', { body, signal: gone.signal });
    await silent.saw(1);
    gone.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    await isCut;
  });

  it('leave no key and no warning in the log', () => {
    const log = nodeRed.log();
    assert.ok(!log.includes(apiKey));
    assert.deepEqual(
      log.split('\n').filter((line) => /\[(warn|error)\]/.test(line) && line.includes('nanogpt')),
      [],
    );
  });
});
