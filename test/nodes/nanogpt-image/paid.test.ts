import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { Account } from '../../../src/account/account.js';
import { ResponseDecoder } from '../../../src/api/response/response-decoder.js';
import { serve, unload } from '../../helpers/flow.js';
import { addresses, answer, image } from '../../helpers/images.js';
import { type TestService, startService } from '../../helpers/service.js';
import { settingsFor } from '../../helpers/priced-service.js';

/** Settings of an account with a service; a budget of one dollar. */
const settings = (service: TestService, more = {}): ReturnType<typeof settingsFor> =>
  settingsFor({ service, prompts: [], listRequests: 0, list: {} }, { budget: 1, ...more });

const request = { prompt: 'a fox', images: [], extra: {} };

describe('what is paid for', () => {
  afterEach(unload);

  it('is not asked for again where the answer holds both an address and an error that is free by itself', async () => {
    const flow = await serve(
      ({ path }) =>
        path.endsWith('.png')
          ? { status: 404 }
          : { body: { error: { code: 'rate_limited' }, cost: 0.5, data: [{ url: '/gone.png' }] } },
      {
        account: { retries: 2 },
      },
    );
    const { caught } = await flow.send({ payload: 'a fox' });
    assert.deepEqual([caught[0]?.failure.code, caught[0]?.failure.charged], ['download_failed', 'yes']);
    assert.equal(flow.service.seen.filter(({ method }) => method === 'POST').length, 1);
  });

  it('is fetched from its address although the settings of the account have changed meanwhile', async () => {
    const service = await startService();
    let send = (): void => undefined;
    service.reply = ({ method }, response) => {
      if (method === 'GET') return { body: { data: [] } };
      send = () => response.end(JSON.stringify(addresses([`${service.url}/made.png`]).body));
      return undefined;
    };
    const account = new Account(settings(service));
    const made = account.generate(request, { signal: new AbortController().signal });
    const bytes = await image();
    while (!service.seen.some(({ method }) => method === 'POST')) await service.saw(service.seen.length + 1);
    account.configure(settings(service, { timeout: 5000 }));
    await account.models(new AbortController().signal).catch(() => undefined);
    service.reply = { body: bytes };
    send();
    assert.deepEqual((await made).images[0]?.bytes, bytes);
    account.close();
  });

  it('is an edit where a function node has made bytes of its own', async () => {
    const bytes = await image();
    const flow = await serve(answer([bytes]), { node: { prompt: 'a fox', promptType: 'str' } });
    const foreign = runInNewContext('({ view: Uint8Array.from(list), buffer: Uint8Array.from(list).buffer })', {
      list: [...bytes],
    }) as { view: unknown; buffer: unknown };
    for (const payload of [foreign.view, foreign.buffer]) {
      const { out } = await flow.send({ payload });
      assert.equal(out.at(-1)?.generation.mode, 'image-to-image');
    }
  });

  it('is in the ledger at the cost that the answer named, though it held no image', async () => {
    const service = await startService(({ path }) =>
      path.endsWith('.png') ? { status: 404 } : addresses(['/gone.png'], { cost: 0.5 }),
    );
    const account = new Account(settings(service));
    const { signal } = new AbortController();
    for (const code of ['download_failed', 'download_failed', 'budget_exceeded'])
      await assert.rejects(account.generate(request, { signal }), { code });
    assert.equal((await account.spending()).day, 1);
    account.close();
  });
});

describe('a broken peer', () => {
  afterEach(unload);

  it('cannot fill the memory with an answer of millions of pieces', () => {
    const decoder = new ResponseDecoder(1000, 1_000_000);
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 80; count++) decoder.write(Buffer.from('"",'.repeat(20_000)));
    assert.ok(decoder.end().text.length <= 1_000_000);
    assert.ok(process.memoryUsage().rss - before < 100_000_000);
  });

  it('is named by its status although its error breaks off', async () => {
    const flow = await serve((_, response) => {
      response.writeHead(401, { 'content-length': '1000' });
      response.write('{"error":', () => response.destroy());
      return undefined;
    });
    const { caught } = await flow.send({ payload: 'a fox' });
    assert.deepEqual([caught[0]?.failure.code, caught[0]?.failure.charged], ['unauthorized', 'no']);
  });
});
