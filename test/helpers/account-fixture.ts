import { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import type { Lookup } from '../../src/api/http/address-guard.js';
import type { GenerationRequest } from '../../src/generation.js';
import { elsewhere, expired, trusted } from './certificates.js';
import { type TestClock, testClock, turn } from './clock.js';
import { good, goodImage } from './server-behaviors.js';
import { type HostileServer, startHostileServer } from './hostile-server.js';

/** How the account of the fixture reaches its service. */
export type FixtureConnection = 'plain' | 'tls' | 'proxy';

/** An account, the service that it names and, where one stands between them, the proxy; in time that a test moves. */
export interface AccountFixture {
  account: Account;
  server: HostileServer;
  proxy: HostileServer;
  clock: TestClock;
  /** The names that resolve, and to what; others are unknown here. */
  names: Map<string, string[]>;
  /** Looks that were cast at names. */
  lookups: string[];
  /** Makes everything work again. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** The time of one request: longer than all waits between tries, which pass by themselves. */
const timeout = 300_000;

export const fixtureSettings: AccountSettings = {
  service: 'nanogpt',
  edits: 'json',
  baseUrl: '',
  apiKey: 'sk-nano-of-the-test',
  model: '',
  timeout,
  concurrency: 4,
  perMinute: 0,
  queueLimit: 1000,
  retries: 2,
  retryUnknown: false,
  imageUrls: 'public',
  history: 'memory',
  historyMegabytes: 500,
  budgetPeriod: 'day',
  // A proxy of the environment has no part in the tests: every host with a dot is reached directly.
  proxy: { url: 'http://127.0.0.1:9', noProxy: ['.'] },
};

/** What a request asks for where nothing else matters. */
export const foxRequest: GenerationRequest = { prompt: 'a fox in the snow', images: [], extra: {} };

/**
 * Starts servers and an account. `service.example` is its service where the connection is TLS, and leads nowhere here where it is a proxy. A stalled
 * exchange ends at once: time passes until its deadline. With `standing` the clock is the test's alone.
 */
export async function startAccountFixture(
  connection: FixtureConnection = 'plain',
  settings: Partial<AccountSettings> = {},
  { standing = false } = {},
): Promise<AccountFixture> {
  const [server, proxy] = await Promise.all([startHostileServer(), startHostileServer()]);
  const clock = testClock(standing ? {} : { skip: 50_000 });
  const names = new Map<string, string[]>();
  const lookups: string[] = [];
  const lookup: Lookup = (name, _, callback) => {
    lookups.push(name);
    const addresses = names.get(name);
    setImmediate(() =>
      addresses
        ? callback(
            null,
            addresses.map((address) => ({ address, family: 4 })),
          )
        : callback(unknown(name), []),
    );
  };
  const connections: Record<FixtureConnection, Partial<AccountSettings>> = {
    plain: { baseUrl: `http://127.0.0.1:${server.port}` },
    tls: {
      baseUrl: `https://service.example:${server.port}`,
      tls: { ca: [trusted.cert, expired.cert, elsewhere.cert] },
    },
    proxy: {
      baseUrl: 'https://service.example',
      tls: { ca: [trusted.cert] },
      proxy: { url: `http://127.0.0.1:${proxy.port}`, noProxy: [] },
    },
  };
  if (!standing) server.onStall = proxy.onStall = () => void afterArrival().then(() => clock.skipToNext());

  const fixture: AccountFixture = {
    account: new Account(
      { ...fixtureSettings, ...connections[connection], ...settings },
      { clock, lookup, random: () => 0.5 },
    ),
    server,
    proxy,
    clock,
    names,
    lookups,
    async heal() {
      await Promise.all([server.listen(), proxy.listen()]);
      server.behaviors.POST = good;
      server.behaviors.GET = goodImage;
      server.connection = undefined;
      server.secure = connection === 'plain' ? undefined : trusted;
      proxy.behaviors.CONNECT = (peer) => peer.tunnel(server.port);
      proxy.behaviors.POST = (peer) => server.behaviors.POST(peer);
      proxy.behaviors.GET = (peer) => server.behaviors.GET(peer);
      if (connection === 'tls') names.set('service.example', ['127.0.0.1']);
    },
    async close() {
      fixture.account.close();
      await Promise.all([server.close(), proxy.close()]);
    },
  };
  await fixture.heal();
  return fixture;
}

/** What one end has written, the other has read a few turns later. */
async function afterArrival(): Promise<void> {
  for (let count = 0; count < 5; count++) await turn();
}

function unknown(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
}
