import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { serve, unload } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';

describe('the line under a node', () => {
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

  it('holds up nobody while a request is under way', async () => {
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
