import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Account } from '../../src/account/account.js';
import type { AccountSettings, AccountOptions } from '../../src/account/settings.js';
import type { Generation, GenerationRequest } from '../../src/generation.js';
import { image } from './images.js';
import { type Reply, type Seen, type TestService, startService } from './service.js';

/** A service with a list of prices that charges by it. */
export interface PricedService {
  service: TestService;
  /** Prompts of the requests for images, in the order they came. */
  prompts: string[];
  /** How often the list was asked for. */
  listRequests: number;
  /** The list of prices. */
  list: object;
  /** In the place of an image at its price. */
  answer?: ((seen: Seen, order: number) => Reply | undefined | Promise<Reply | undefined>) | undefined;
}

/** What one image costs at the priced service. */
export const price = 0.1;

/** The list of its models. */
export const list = {
  object: 'list',
  data: [
    {
      id: 'hidream',
      name: 'HiDream',
      pricing: { per_image: { '512*512': price / 2, '1024*1024': price }, currency: 'USD' },
    },
    { id: 'secretive', name: 'Secretive', pricing: null },
    { id: 'nano', name: 'Nano', pricing: { per_image: 5, currency: 'XNO' } },
  ],
};

/** Starts a service that ends with the test. */
export async function startPricedService(): Promise<PricedService> {
  const png = (await image()).toString('base64');
  const service = await startService((seen, response) => {
    if (seen.method === 'GET') {
      priced.listRequests += 1;
      return { body: priced.list };
    }
    priced.prompts.push(String(seen.json.prompt));
    const n = Number(seen.json.n ?? 1);
    const good: Reply = {
      body: { data: Array.from({ length: n }, () => ({ b64_json: png })), cost: price * n, paymentSource: 'USD' },
    };
    void Promise.resolve(priced.answer ? priced.answer(seen, priced.prompts.length) : good).then((reply = good) => {
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify(reply.body ?? {}));
    });
    return undefined;
  });
  const priced: PricedService = { service, prompts: [], listRequests: 0, list };
  return priced;
}

/** Settings of an account with the priced service, and a budget for 10 images. */
export function settingsFor({ service }: PricedService, changes: Partial<AccountSettings> = {}): AccountSettings {
  return {
    service: 'nanogpt',
    edits: 'json',
    baseUrl: service.url,
    apiKey: 'sk-nano-of-the-test',
    model: 'hidream',
    timeout: 60_000,
    concurrency: 4,
    perMinute: 30,
    queueLimit: 1000,
    retries: 2,
    retryUnknown: false,
    imageUrls: 'any',
    history: 'memory',
    historyMegabytes: 500,
    budget: 10 * price,
    budgetPeriod: 'month',
    ...changes,
  };
}

export function openAccount(settings: AccountSettings, tools: AccountOptions = {}): Account {
  return new Account(settings, { random: () => 0, ...tools });
}

/** Asks for images; rejects as `generate` does. */
export function requestImages(
  account: Account,
  changes: Partial<GenerationRequest> = {},
  signal = new AbortController().signal,
): Promise<Generation> {
  return account.generate({ prompt: 'a fox', images: [], extra: {}, ...changes }, { signal });
}

/** The lines in the ledger of an account, from all months; none where it never spent anything. */
export async function readLedger(directory: string, name = 'account'): Promise<Record<string, unknown>[]> {
  const folder = join(directory, 'ledger', name);
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
