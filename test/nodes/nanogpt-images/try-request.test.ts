import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import helper from 'node-red-node-test-helper';
import sharp from 'sharp';
import { type AnyMessage, apiKey } from '../../helpers/flow.js';
import { answer, dataUrl, image } from '../../helpers/images.js';
import type { Reply, Seen } from '../../helpers/service.js';
import { list } from '../../helpers/priced-service.js';
import { type DeployedFlow, ask, deploy, leave, makeNode, post } from '../../helpers/dialog.js';

describe('a try from the dialog', () => {
  let png: Buffer;
  /** A service whose images are 6 x 4 and cost 0.1 each. */
  const pricedReply = ({ method, json }: Seen): Reply => {
    if (method === 'GET') return { body: list };
    const count = Number(json.n ?? 1);
    return answer(Array<Buffer>(count).fill(png), { cost: 0.1 * count, paymentSource: 'USD' });
  };

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    png = await image();
  });
  afterEach(leave);

  const start = (account: AnyMessage = {}, reply: (seen: Seen) => Reply = pricedReply): Promise<DeployedFlow> =>
    deploy(reply, { account: { model: 'hidream', ...account } });
  const tryOut = (
    account: AnyMessage,
    node: AnyMessage = makeNode(),
    sample: AnyMessage = { payload: 'a red fox' },
  ): Promise<AnyMessage> => ask('nanogpt-image/try', { account, apiKey, node, sample });
  const spent = async (account: AnyMessage): Promise<number> =>
    (await ask('nanogpt-config/models', { account, apiKey })).spending.month as number;

  async function fetchImage(id: string): Promise<{ status: number; headers: Record<string, string>; bytes: Buffer }> {
    const { status, headers, body } = await helper
      .request()
      .get(`/nanogpt-image/images/${id}`)
      .buffer(true)
      .parse((stream, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
      });
    return { status, headers, bytes: body as Buffer };
  }

  async function countSharpTasks(work: () => Promise<unknown>): Promise<number> {
    let tasks = 0;
    const count = (): void => void (tasks += 1);
    sharp.queue.on('change', count);
    await work().finally(() => sharp.queue.off('change', count));
    return tasks;
  }

  for (const id of ['account', 'new']) {
    const which = id === 'new' ? 'an account that is not deployed' : 'the deployed account';

    it(`gives the images, what they cost and what was sent, with ${which}`, async () => {
      const { account, service } = await start();
      const { images, durationMs, ...rest } = await tryOut({ ...account, id }, makeNode({ count: '2' }));
      assert.deepEqual(
        images.map(({ id: _, filename: __, ...shown }: AnyMessage) => shown),
        Array(2).fill({ mime: 'image/png', width: 6, height: 4, bytes: png.length }),
      );
      images.forEach(({ filename }: AnyMessage, index: number) =>
        assert.match(filename, new RegExp(`^a-red-fox-\\d{8}-\\d{6}-${index + 1}\\.png$`)),
      );
      const body = { model: 'hidream', prompt: 'a red fox', n: 2 };
      const request = { method: 'POST', url: `${service.url}/v1/images/generations`, body };
      assert.deepEqual(rest, { warnings: [], cost: 0.2, currency: 'USD', model: 'hidream', request });
      assert.ok(durationMs >= 0);
      assert.deepEqual(
        service.seen.map(({ json, headers }) => [json, headers.authorization]),
        [[body, `Bearer ${apiKey}`]],
      );
    });

    it(`books what it costs with ${which}`, async () => {
      const { account } = await start();
      for (let count = 0; count < 2; count++) await tryOut({ ...account, id });
      assert.equal(await spent({ ...account, id }), 0.2);
      assert.equal(await spent({ ...account, id: id === 'new' ? 'account' : 'new' }), 0);
    });

    it(`is refused by the budget of ${which}, and sends nothing`, async () => {
      const { account, service } = await start({ budget: 0.15, budgetPeriod: 'month' });
      await tryOut({ ...account, id });
      const { problem, request, images } = await tryOut({ ...account, id });
      assert.deepEqual(
        [problem.key, problem.code, problem.charged, problem.params.spent],
        ['budget_exceeded', 'budget_exceeded', 'no', 0.1],
      );
      assert.deepEqual([request.body.prompt, images], ['a red fox', undefined]);
      assert.equal(service.seen.filter(({ method }) => method === 'POST').length, 1);
    });
  }

  it('and the flow spend the same money', async () => {
    const { account, send } = await start({ budget: 0.25, budgetPeriod: 'month' });
    await send({ payload: 'a fox' });
    await tryOut({ ...account, budget: 5 });
    assert.equal((await send({ payload: 'a fox' })).caught[0]!.failure.code, 'budget_exceeded');
    assert.equal((await tryOut(account)).problem.key, 'budget_exceeded');
    assert.equal((await tryOut({ ...account, budget: 5 })).cost, 0.1);
  });

  it('is remembered over a deploy', async () => {
    const { account } = await start();
    await tryOut({ ...account, id: 'new' });
    await helper.unload();
    const again = await start();
    assert.equal(await spent({ ...again.account, id: 'new' }), 0.1);
  });

  it('sends nothing into the flow', async () => {
    const { account, ended, statuses } = await start();
    await tryOut(account);
    assert.deepEqual([ended.out.length, ended.completed.length, statuses.length], [0, 0, 0]);
  });

  it('waits in the queue of the deployed account', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const flow = await deploy(
      (seen, response) => {
        void held.then(() => response.end(JSON.stringify(pricedReply(seen).body)));
        return undefined;
      },
      { account: { concurrency: 1 } },
    );
    flow.start({ payload: 'first' });
    await flow.service.saw(1);
    const second = tryOut(flow.account, makeNode(), { payload: 'second' });
    release();
    await second;
    assert.deepEqual(
      flow.service.seen.map(({ json }) => json.prompt),
      ['first', 'second'],
    );
  });

  it('is finished and booked at its cost after the dialog is closed', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { account, service, send } = await deploy(
      (seen, response) => void held.then(() => response.end(JSON.stringify(pricedReply(seen).body))),
      { account: { concurrency: 1, model: 'hidream' } },
    );
    const gone = new AbortController();
    // The helper's own requests cannot be given up: their server would stay.
    const server = createServer(Reflect.get(helper, '_httpAdmin') as RequestListener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nanogpt-image/try`;
    const body = JSON.stringify({ account, apiKey, node: makeNode(), sample: { payload: 'mine' } });
    const trial = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: gone.signal,
    });
    const [connection] = (await once(server, 'connection')) as [Socket];
    await service.saw(1);
    gone.abort();
    await assert.rejects(trial);
    await once(connection, 'close');
    server.close();
    const next = send({ payload: 'next' });
    release();
    await next;
    const { spending } = await ask('nanogpt-config/models', { account, apiKey });
    assert.deepEqual([spending.month, spending.unknown], [0.2, 0]);
  });

  it('warns in words that can be translated', async () => {
    const { account } = await start({}, () => answer([png]));
    const { warnings, cost, currency } = await tryOut(account, makeNode({ count: '2', size: '64x64' }));
    assert.deepEqual(warnings[0], {
      key: 'fewer_images',
      params: { requested: 2, received: 1 },
      message: '1 of 2 images came back.',
    });
    assert.deepEqual([warnings[1].key, warnings[1].params], ['other_size', { requested: '64x64', received: '6x4' }]);
    assert.deepEqual([cost, currency], [undefined, undefined]);
  });

  it('says what it cost in another currency', async () => {
    const { account } = await start({}, () => answer([png], { cost: 3, paymentSource: 'XNO' }));
    const { cost, currency } = await tryOut(account);
    assert.deepEqual([cost, currency], [3, 'XNO']);
  });

  const failures: [what: string, reply: Reply, key: string, charged: string][] = [
    ['a refusal', { status: 400, body: { error: 'no foxes' } }, 'rejected', 'no'],
    ['a wrong key', { status: 401, body: { error: 'Invalid key' } }, 'unauthorized', 'no'],
    ['a failure of the service', { status: 500 }, 'server_failed', 'unknown'],
    ['an answer without images', { body: { data: [] } }, 'no_images', 'unknown'],
  ];
  for (const [what, reply, key, charged] of failures) {
    it(`says of ${what} whether it was paid, and what was sent`, async () => {
      const { account } = await start({}, () => reply);
      const { problem, request } = await tryOut(account);
      assert.deepEqual([problem.key, problem.charged, request.body.prompt], [key, charged, 'a red fox']);
    });
  }

  it('says that no server answers', async () => {
    const { account, service } = await start();
    await service.close();
    const { problem } = await tryOut(account);
    assert.deepEqual([problem.key, problem.charged], ['unreachable', 'no']);
  });

  it('takes images as data URLs', async () => {
    const { account, service } = await start();
    const { request } = await tryOut(account, makeNode({ prompt: 'restyle', promptType: 'str' }), {
      payload: dataUrl(png),
    });
    assert.equal(request.body.imageDataUrl, 'data:image/png;base64,… (0.1 kB)');
    assert.equal(service.seen[0]!.json.imageDataUrl, dataUrl(png));
  });

  it('shows the request that is sent, and converts its images once', async () => {
    const { account, service } = await start();
    const node = makeNode({ prompt: 'restyle', promptType: 'str' });
    const sample = { payload: dataUrl(await image('avif'), 'image/avif') };
    const dryRun = (): Promise<AnyMessage> => ask('nanogpt-image/dry-run', { account, apiKey, node, sample });
    const converted = await countSharpTasks(dryRun);
    assert.ok(converted > 0);
    assert.equal(await countSharpTasks(() => tryOut(account, node, sample)), converted);
    const { request } = await tryOut(account, node, sample);
    assert.match(service.seen.at(-1)!.json.imageDataUrl as string, /^data:image\/jpeg;base64,/);
    assert.deepEqual(request, (await dryRun()).request);
  });

  it('reads the sample as a message, whatever lies where', async () => {
    const { account, service } = await start();
    const node = makeNode({
      prompt: 'deep.list[1]',
      promptType: 'msg',
      size: 'msg.size',
      sizeType: 'msg',
      user: '_msgid',
      userType: 'msg',
    });
    await tryOut(account, node, { 'deep.list[1]': 'a fox', 'msg.size': '64x64' });
    const { prompt, size, user } = service.seen[0]!.json;
    assert.deepEqual([prompt, size, typeof user], ['a fox', '64x64', 'string']);
  });

  for (const path of [
    'a b',
    'a[',
    '',
    '__proto__.isPolluted',
    'constructor.prototype.isPolluted',
    'a["__proto__"].isPolluted',
  ]) {
    it(`takes no path such as “${path}”`, async () => {
      const { account, service } = await start();
      assert.equal(
        (
          await post('nanogpt-image/try', {
            account,
            apiKey,
            node: makeNode(),
            sample: { payload: 'a fox', [path]: 'x' },
          })
        ).status,
        400,
      );
      assert.deepEqual([service.seen.length, 'isPolluted' in {}], [0, false]);
    });
  }

  describe('leaves its images', () => {
    it('to be fetched unchanged, and not cached', async () => {
      const { images } = await tryOut((await start()).account);
      const { status, headers, bytes } = await fetchImage(images[0].id);
      assert.deepEqual(
        [status, headers['content-type'], headers['cache-control'], bytes.equals(png)],
        [200, 'image/png', 'no-store', true],
      );
    });

    it('with a content security policy that runs nothing', async () => {
      const svg = Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"><script>alert(1)</script></svg>',
      );
      const { images } = await tryOut((await start({}, () => answer([svg]))).account);
      const { headers } = await fetchImage(images[0].id);
      assert.deepEqual(
        [headers['content-type'], headers['content-security-policy'], headers['x-content-type-options']],
        ['image/svg+xml', "default-src 'none'; style-src 'unsafe-inline'; sandbox", 'nosniff'],
      );
    });

    it('under ids that cannot be guessed', async () => {
      const { account } = await start();
      const ids = (await tryOut(account, makeNode({ count: '4' }))).images.map(({ id }: AnyMessage) => id as string);
      assert.ok(new Set(ids).size === 4 && ids.every((id: string) => /^[\da-f-]{36}$/.test(id)));
      for (const id of ['0', '__proto__', ids[0].slice(0, -1)]) assert.equal((await fetchImage(id)).status, 404);
    });

    it('for a while only: the newest 40', async () => {
      const { account } = await start({ perMinute: 0 });
      const [first] = (await tryOut(account)).images;
      await tryOut(account, makeNode({ count: '39' }));
      assert.equal((await fetchImage(first.id)).status, 200);
      const [last] = (await tryOut(account)).images;
      assert.deepEqual([(await fetchImage(first.id)).status, (await fetchImage(last.id)).status], [404, 200]);
    });
  });
});
