import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../src/account/account.js';
import type { RequestState } from '../../src/account/send-request.js';
import type { AccountOptions, AccountSettings } from '../../src/account/settings.js';
import { ImageError } from '../../src/errors.js';
import type { Generation, GenerationRequest, InputImage } from '../../src/generation.js';
import { inspect } from '../../src/image/inspect.js';
import { testClock, turn } from '../helpers/clock.js';
import { image } from '../helpers/images.js';
import { type PricedService, openAccount, price, settingsFor, startPricedService } from '../helpers/priced-service.js';

const hour = 3600_000;

function toInput(bytes: Buffer): InputImage {
  const { mime, width, height } = inspect(bytes)!;
  return { bytes, mime, width, height };
}

describe('reuse', () => {
  let service: PricedService;
  let account: Account;
  const clock = testClock();
  const accounts: Account[] = [];

  beforeEach(async () => {
    service = await startPricedService();
    account = open();
  });

  afterEach(() => accounts.splice(0).forEach((each) => each.close()));

  function open(changes: Partial<AccountSettings> = {}, options: AccountOptions = {}): Account {
    const opened = openAccount(settingsFor(service, { perMinute: 0, budget: 100, ...changes }), { clock, ...options });
    accounts.push(opened);
    return opened;
  }

  const ask = (
    changes: Partial<GenerationRequest> = {},
    options: { signal?: AbortSignal; reuse?: number } = {},
  ): Promise<Generation> =>
    account.generate(
      { prompt: 'a fox', images: [], extra: {}, ...changes },
      { signal: new AbortController().signal, reuse: hour, ...options },
    );

  /** The service answers when it is told to. */
  function holdAnswers(): () => void {
    let go = (): void => undefined;
    const gate = new Promise<undefined>((resolve) => (go = (): void => resolve(undefined)));
    service.answer = () => gate;
    return go;
  }

  it('answers the same request from the history, free and at once', async () => {
    const first = await ask({ n: 2 });
    const again = await ask({ n: 2 });
    assert.equal(service.prompts.length, 1);
    assert.deepEqual([first.reused, first.cost], [undefined, 2 * price]);
    const { images, ...rest } = again;
    assert.deepEqual(rest, {
      received: 2,
      reused: true,
      cost: 0,
      model: 'hidream',
      attempts: 0,
      durationMs: 0,
      warnings: [],
    });
    assert.deepEqual(
      images.map(({ bytes }) => bytes),
      first.images.map(({ bytes }) => bytes),
    );
    images[0]?.bytes.fill(0);
    assert.notDeepEqual((await ask({ n: 2 })).images[0]?.bytes, images[0]?.bytes);
    assert.equal((await account.spending()).month, 2 * price);
  });

  for (const history of ['memory', 'disk'] as const) {
    it(`looks for images in ${history === 'disk' ? 'files' : 'memory'} without changing the order of the requests`, async () => {
      const directory = await mkdtemp(join(tmpdir(), 'nanogpt-reuse-'));
      account = open({ history, concurrency: 1 }, { storage: { directory, name: 'account' } });
      const prompts = Array.from({ length: 100 }, (_, index) => `fox ${index}`);
      await Promise.all(prompts.map((prompt) => ask({ prompt })));
      assert.deepEqual(service.prompts, prompts);
      await rm(directory, { recursive: true, maxRetries: 10 });
    });
  }

  it('sends it again where it is too old, or where reuse is off', async () => {
    await ask();
    await ask({}, { reuse: undefined } as never);
    assert.equal(service.prompts.length, 2);
    await clock.advance(hour + 1);
    await ask();
    assert.equal(service.prompts.length, 3);
  });

  it('needs the history', async () => {
    account = open({ history: 'off' });
    await ask();
    await ask();
    assert.equal(service.prompts.length, 2);
  });

  it('sends one request for 100 equal ones at the same time', async () => {
    const go = holdAnswers();
    const all = Array.from({ length: 100 }, () => ask());
    await service.service.saw(2);
    go();
    const generations = await Promise.all(all);
    assert.equal(service.prompts.length, 1);
    assert.equal(generations.filter(({ reused }) => reused).length, 99);
    assert.equal(
      generations.reduce((sum, { cost = 0 }) => sum + cost, 0),
      price,
    );
    const buffers = new Set(generations.map(({ images }) => images[0]!.bytes.buffer));
    assert.equal(buffers.size, 100);
  });

  it('distinguishes requests by every field that affects the image, and by no other', async () => {
    const [one, other] = [await image(), Buffer.from(await image())];
    const changed = Buffer.concat([other, Buffer.from([0])]);
    const input = { images: [toInput(one)] };
    const different: Partial<GenerationRequest>[] = [
      {},
      { prompt: 'a cat' },
      { n: 2 },
      { size: '512x512' },
      { seed: 1 },
      { extra: { style: 'vivid' } },
      { model: 'secretive' },
      input,
      { images: [{ ...toInput(one), bytes: changed }] },
    ];
    for (const changes of different) await ask(changes);
    assert.equal(service.prompts.length, different.length);
    const same: Partial<GenerationRequest>[] = [
      { model: 'hidream' },
      { user: 'someone' },
      { response_format: 'url' },
      { extra: { response_format: 'url', user: 'someone' } },
      { images: [{ ...toInput(other), name: 'door.png' }] },
    ];
    for (const changes of same) assert.equal((await ask(changes)).reused, true, JSON.stringify(changes));
    assert.equal(service.prompts.length, different.length);
  });

  it('sends nothing for a message that was cancelled while its request was looked at', async () => {
    const cancelled = new AbortController();
    const asked = ask({}, { signal: cancelled.signal });
    cancelled.abort(new ImageError('cancelled', 'cancelled'));
    await assert.rejects(asked, { code: 'cancelled', charged: 'no' });
    // It would have been sent before the next one.
    await ask({ prompt: 'another' });
    assert.deepEqual(service.prompts, ['another']);
  });

  it('keeps a shared request going when the first message is cancelled, and aborts it with the last', async () => {
    const go = holdAnswers();
    const [first, last] = [new AbortController(), new AbortController()];
    const states: RequestState[] = [];
    const leader = ask({}, { signal: first.signal });
    const follower = account.generate(
      { prompt: 'a fox', images: [], extra: {} },
      { signal: new AbortController().signal, reuse: hour, onState: (state) => states.push(state) },
    );
    await service.service.saw(2);
    first.abort(new ImageError('cancelled', 'cancelled'));
    await assert.rejects(leader, { code: 'cancelled', charged: 'no' });
    assert.equal(states.at(-1)?.phase, 'running');
    go();
    const generation = await follower;
    assert.deepEqual([generation.cost, generation.reused, service.prompts.length], [price, undefined, 1]);

    holdAnswers();
    const alone = ask({ prompt: 'a cat' }, { signal: last.signal });
    await service.service.saw(3);
    last.abort(new ImageError('cancelled', 'cancelled'));
    const next = ask({ prompt: 'a cat' });
    await assert.rejects(alone, { code: 'cancelled', charged: 'unknown' });
    await service.service.saw(4);
    account.close();
    await assert.rejects(next, { code: 'connection_lost' });
  });

  it('fails all messages of a shared request, each with its own error, and settles it once', async () => {
    account = open({ retries: 0 });
    service.answer = () => ({ status: 500 });
    const outcomes = await Promise.allSettled([ask(), ask(), ask()]);
    const errors = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as ImageError) : undefined,
    );
    assert.deepEqual(
      errors.map((error) => [error?.code, error?.charged]),
      Array.from({ length: 3 }, () => ['server_failed', 'unknown']),
    );
    assert.equal(new Set(errors).size, 3);
    await turn();
    assert.deepEqual([service.prompts.length, (await account.spending()).unknown], [1, 1]);
  });
});
