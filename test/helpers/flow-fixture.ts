import { openAccount } from '../../src/account/registry.js';
import type { Lookup } from '../../src/api/http/address-guard.js';
import { type TestClock, testClock } from './clock.js';
import { type AnyMessage, type TestFlow, loadFlow, unload } from './flow.js';
import { good, goodImage } from './server-behaviors.js';
import { type HostileServer, startHostileServer } from './hostile-server.js';
import { fixtureSettings } from './account-fixture.js';

/** A flow with one image node whose account names a hostile server; in time that a test moves. */
export interface FlowFixture {
  flow: TestFlow;
  server: HostileServer;
  clock: TestClock;
  close(): Promise<void>;
}

/** Settings of the account as the dialog saves them, and of the node. */
export interface FlowFixtureOptions {
  account?: AnyMessage;
  node?: AnyMessage;
  scheme?: 'http' | 'https';
  clock?: TestClock;
}

/** No name resolves: tests reach nothing outside this machine. */
const nowhere: Lookup = (name, _, callback) =>
  setImmediate(() => callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []));

/** Starts a server, an account and a flow; the server works as it should until a test says otherwise. */
export async function startFlowFixture({
  account = {},
  node = {},
  scheme = 'http',
  clock = testClock(),
}: FlowFixtureOptions = {}): Promise<FlowFixture> {
  const server = await startHostileServer();
  server.behaviors.POST = good;
  server.behaviors.GET = goodImage;
  // The node finds the account there, with its clock, and gives it the settings of the flow.
  openAccount('account', fixtureSettings, { clock, lookup: nowhere });
  const flow = await loadFlow({
    account: { service: 'nanogpt', baseUrl: `${scheme}://127.0.0.1:${server.port}`, perMinute: 0, ...account },
    credentials: { apiKey: fixtureSettings.apiKey },
    node,
  });
  return {
    flow,
    server,
    clock,
    async close() {
      await unload();
      await server.close();
    },
  };
}
