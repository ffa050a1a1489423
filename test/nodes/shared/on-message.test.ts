import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import helper from 'node-red-node-test-helper';
import type { NanogptAccount } from '../../../nodes/shared/nanogpt-account.js';
import { loadFlow, serve, unload } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';

describe('the status of a node', () => {
  afterEach(unload);

  const shown = (statuses: { status?: object }[]): unknown[] =>
    statuses.map(({ status }) => {
      const { fill, shape, text } = status as Record<string, string>;
      return [fill, shape, text];
    });

  it('is empty at first', async () => assert.deepEqual((await serve({})).firstStatus, {}));

  it('shows work, then its end', async () => {
    const flow = await serve(answer([await image()]));
    await flow.send({ payload: 'a fox' });
    assert.deepEqual(shown(flow.statuses), [
      ['blue', 'dot', 'status.running'],
      ['green', 'dot', 'status.done'],
    ]);
  });

  it('shows a failure by its code, in red', async () => {
    const flow = await serve({ status: 402, body: { error: 'x' } });
    await flow.send({ payload: 'a fox' });
    assert.deepEqual(shown(flow.statuses).at(-1), ['red', 'ring', 'status.insufficient_balance']);
  });

  it('is set on a change of state, not with each message', async () => {
    const flow = await serve(answer([await image()]), { account: { concurrency: 2 } });
    await flow.send(...Array.from({ length: 20 }, (_, index) => ({ payload: `fox ${index}` })));
    assert.equal(flow.ended.out.length, 20);
    assert.ok(flow.statuses.length <= 4, JSON.stringify(shown(flow.statuses)));
    assert.deepEqual(shown(flow.statuses).at(-1), ['green', 'dot', 'status.done']);
  });
});

describe('a node that is stopped', () => {
  afterEach(unload);

  it('does not delay the stop while a request is under way', async () => {
    const flow = await serve(() => undefined);
    flow.start({ payload: 'a fox' });
    await flow.service.saw(1);
    const start = performance.now();
    await unload();
    assert.ok(performance.now() - start < 2000);
    // What was paid for waits for the node to come back; it comes, finds its connection gone, and tells so.
    const again = await serve({});
    const { caught } = await again.until(1);
    assert.deepEqual(
      [caught[0]!.payload, caught[0]!.failure.charged, again.service.seen.length],
      ['a fox', 'unknown', 0],
    );
  });

  it('by being removed, cuts its request and sends nothing more', async () => {
    let cut: Promise<unknown> | undefined;
    const flow = await serve((_, response) => void (cut = new Promise((resolve) => response.on('close', resolve))));
    flow.start({ payload: 'a fox' });
    await flow.service.saw(1);
    const rest = (helper as unknown as { _redNodes: { getFlows(): { flows: { id: string }[] } } })._redNodes
      .getFlows()
      .flows.filter(({ id }) => id !== 'node');
    await helper.setFlows(rest as never, 'nodes');
    await cut;
    assert.deepEqual(flow.ended.out, []);
    assert.ok(JSON.stringify(flow.log()).includes('log.removed'), 'the log tells of it');
  });
});

describe('a result from a cluster', () => {
  afterEach(unload);

  it('is marked as delivered once the next node has it', async () => {
    const flow = await serve(answer([await image()]));
    const account = await (helper.getNode('account') as unknown as NanogptAccount).open();
    const generate = account.generate.bind(account);
    let delivered: number | undefined;
    Object.defineProperty(account, 'isShared', { value: true });
    account.generate = (request, options) => {
      options.onResult!(() => (delivered = flow.ended.out.length));
      return generate(request, options);
    };
    await flow.send({ payload: 'a fox' });
    while (delivered === undefined) await setTimeout(1);
    assert.equal(delivered, 1);
  });
});

describe('the status tells', () => {
  afterEach(unload);

  const last = (flow: { statuses: { status?: object }[] }): string =>
    (flow.statuses.at(-1)!.status as { text: string }).text;

  it('when the last image came and what it cost', async () => {
    const flow = await serve({
      body: { ...(answer([await image()]).body as object), cost: 0.02, paymentSource: 'USD' },
    });
    await flow.send({ payload: 'a fox' });
    assert.match(last(flow), /^\d\d:\d\d · 0\.02 USD$/);
  });

  it('no cost where that is play money', async () => {
    const flow = await loadFlow({ node: { size: '64x64' } });
    await flow.send({ payload: 'a fox' });
    assert.equal(last(flow), 'status.done');
  });

  it('that an image was reused, which cost nothing', async () => {
    const paid = { ...answer([await image()]).body, cost: 0.02, paymentSource: 'USD' };
    const flow = await serve({ body: paid }, { node: { reuse: '1' } });
    await flow.send({ payload: 'a fox' });
    assert.match(last(flow), /^\d\d:\d\d · 0\.02 USD$/);
    await flow.send({ payload: 'a fox' });
    const { fill, shape, text } = flow.statuses.at(-1)!.status as Record<string, string>;
    assert.deepEqual([fill, shape, text], ['green', 'ring', 'status.reused']);
  });

  for (const [cost, text] of [
    [0.0045, '0.0045 USD'],
    [0.1, '0.10 USD'],
    [0.001234, '0.0012 USD'],
    [12, '12.00 USD'],
    [129.467, '129.47 USD'],
  ] as const)
    it(`a cost of ${cost} as people write it, in under 20 characters`, async () => {
      const flow = await serve({ body: { ...answer([await image()]).body, cost, paymentSource: 'USD' } });
      await flow.send({ payload: 'a fox' });
      assert.equal(last(flow).replace(/^\d\d:\d\d · /, ''), text);
      assert.ok(last(flow).length < 20);
    });

  it('after a second how many messages run and wait, and for how long', async () => {
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const made = await image();
    const reply = async (_: unknown, response: ServerResponse): Promise<void> => {
      await gate;
      response.end(JSON.stringify(answer([made]).body));
    };
    const flow = await serve((request, response) => void reply(request, response), { account: { concurrency: '2' } });
    flow.start({ payload: 'a' }, { payload: 'b' }, { payload: 'c' }, { payload: 'd' }, { payload: 'e' });
    while (flow.statuses.length < 2) await setTimeout(50);
    release!();
    await flow.until(5);
    const [first, second] = flow.statuses.map(({ status }) => (status as { text: string }).text);
    assert.equal(first, 'status.running');
    assert.match(second!, /^2 · \+3 · [12] s$/);
  });

  it('what an image info node was answered', async () => {
    const flow = await serve({ body: { usd_balance: '129.46' } }, { type: 'nanogpt-info', node: { ask: 'balance' } });
    await flow.send({});
    assert.match(last(flow), /^\d\d:\d\d · 129\.46 USD$/);
  });

  it('that a balance is play money, for which the time gives way', async () => {
    const flow = await loadFlow({ type: 'nanogpt-info', node: { ask: 'balance' } });
    await flow.send({});
    assert.equal(last(flow), '1,000.00 price.playMoney');
  });
});

describe('an error', () => {
  afterEach(unload);

  it('is text with a code, of which the debug sidebar shows 80 characters: of an Error it shows 30', async () => {
    const flow = await serve({ status: 402, body: { error: 'x' } });
    const errors: unknown[] = [];
    (helper.getNode('node') as unknown as EventEmitter).on('call:error', ({ args }: { args: unknown[] }) =>
      errors.push(args[0]),
    );
    const { caught } = await flow.send({ payload: 'a fox' });
    assert.ok(errors[0] instanceof String);
    const { message, code, stack } = caught[0]!.error as Record<string, string>;
    assert.deepEqual([message, code], [errors[0].toString(), 'insufficient_balance']);
    assert.equal(JSON.stringify(errors[0]), JSON.stringify(`verdict.no ${message}`), 'what the debug sidebar shows');
    assert.match(stack!, /^ImageError: /);
  });

  it('of many messages that are cancelled together is said once where no Catch node takes them', async () => {
    const other = { id: 'other', type: 'nanogpt-image', account: 'account', z: 'tab', x: 1, y: 1, wires: [[]] };
    const flow = await serve(() => undefined, { more: [other] });
    for (const payload of ['a', 'b', 'c']) flow.put('other', { payload });
    await flow.service.saw(3);
    flow.put('other', { cancel: true });
    const errors = (): unknown[] =>
      flow.log().flatMap((entry) => (entry as { level: number; msg: unknown }[]).filter(({ level }) => level === 20));
    for (let waited = 0; waited < 20_000 && errors().length === 0; waited += 20) await setTimeout(20);
    await setTimeout(20);
    assert.deepEqual(errors().map((error) => (error as { msg: unknown }).msg), ['log.cancelled']); // prettier-ignore
  });
});
