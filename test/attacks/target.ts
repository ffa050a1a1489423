import { Account } from '../../src/account/account.js';
import { ImageError } from '../../src/errors.js';
import { fixtureSettings, foxRequest } from '../helpers/account-fixture.js';
import { forgetPeak, readPeak } from '../helpers/memory.js';
import { longestStall } from '../helpers/stalls.js';

/** What the attacked process is asked to do: one request to a service on this port. */
export interface Order {
  ask: 'image' | 'models';
  port: number;
}

/** What became of it, and what it did to the process. */
export interface Report {
  /** A code, or `made`. */
  code: string;
  charged: string;
  /** Images that came, or models. */
  count: number;
  message: string;
  warnings: number;
  /** Whether `generation.cost` came through, too. */
  hasCost: boolean;
  addresses: number;
  /** In milliseconds. */
  stall: number;
  /** Most memory of the process, in bytes. */
  memory: number;
}

type End = Omit<Report, 'stall' | 'memory'>;

const { signal } = new AbortController();

/** Runs in a process of its own, so that its memory and its event loop are measured alone. */
async function run({ ask, port }: Order): Promise<Report> {
  const account = new Account({
    ...fixtureSettings,
    baseUrl: `http://127.0.0.1:${port}`,
    history: 'off',
    timeout: 60_000,
  });
  forgetPeak();
  let end = good;
  const stall = await longestStall(async () => {
    end = await (ask === 'image' ? generate(account) : listModels(account)).catch(failed);
  });
  account.close();
  return { ...end, stall, memory: readPeak() };
}

async function generate(account: Account): Promise<End> {
  const { images, warnings, cost } = await account.generate(foxRequest, { signal });
  return { ...good, count: images.length, warnings: warnings.length, hasCost: cost !== undefined };
}

async function listModels(account: Account): Promise<End> {
  return { ...good, count: (await account.models(signal)).length };
}

const good: End = { code: 'made', charged: '', count: 0, message: '', warnings: 0, hasCost: false, addresses: 0 };

function failed(error: unknown): End {
  if (!(error instanceof ImageError)) return { ...good, code: String(error) };
  const { code, charged, message, details } = error;
  return { ...good, code, charged, message, addresses: details.urls?.length ?? 0 };
}

process.on('message', (order: Order) => void run(order).then((report) => process.send!(report)));
