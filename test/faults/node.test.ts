import assert from 'node:assert/strict';
import { testClock } from '../helpers/clock.js';
import type { AnyMessage } from '../helpers/flow.js';
import { addresses, answer, good, goodBody, half, inTurn, partly, then } from '../helpers/server-behaviors.js';
import type { ServerBehavior } from '../helpers/hostile-server.js';
import { type FlowFixture, startFlowFixture } from '../helpers/flow-fixture.js';

/** What a flow must see of a fault: what Catch gets, and how often the service was asked. */
interface Case {
  fault: string;
  behavior: ServerBehavior;
  failure: AnyMessage;
  requests: number;
}

const cases: Case[] = [
  {
    fault: 'a connection that breaks',
    behavior: then((peer) => peer.reset()),
    failure: { code: 'connection_lost', charged: 'unknown', retryable: false },
    requests: 1,
  },
  {
    fault: 'an answer that breaks off',
    behavior: partly(half, (peer) => peer.close()),
    failure: { code: 'connection_lost', charged: 'unknown', retryable: false },
    requests: 1,
  },
  {
    fault: 'a service that stays silent',
    behavior: then((peer) => peer.stall()),
    failure: { code: 'timed_out', charged: 'unknown', retryable: false },
    requests: 1,
  },
  {
    fault: 'a service that is busy',
    behavior: answer(429, '', { 'retry-after': '7', 'x-request-id': 'r1' }),
    failure: { code: 'rate_limited', charged: 'no', retryable: true, status: 429, retryAfter: 7, requestId: 'r1' },
    requests: 3,
  },
  {
    fault: 'a daily limit',
    behavior: answer(429, '', { 'retry-after': '3600' }),
    failure: { code: 'daily_limit', charged: 'no', retryable: false, status: 429, retryAfter: 3600 },
    requests: 1,
  },
  {
    fault: 'a gateway that fails',
    behavior: answer(502, '<html>Bad gateway</html>'),
    failure: { code: 'server_failed', charged: 'unknown', retryable: false, status: 502 },
    requests: 1,
  },
  {
    fault: 'an answer without an image',
    behavior: answer(200, { data: [] }),
    failure: { code: 'bad_response', charged: 'unknown', retryable: false, status: 200 },
    requests: 1,
  },
  {
    fault: 'an image that is gone',
    behavior: addresses('/gone.png'),
    failure: { code: 'download_failed', charged: 'yes', retryable: false, status: 200, urls: ['/gone.png'] },
    requests: 1,
  },
];

describe('a flow', () => {
  let setup: FlowFixture;

  beforeEach(async () => {
    setup = await startFlowFixture({ clock: testClock({ skip: 50_000 }) });
    setup.server.behaviors.GET = answer(404, '');
    setup.server.onStall = () => void setup.clock.advance(300_000);
  });

  afterEach(() => setup.close());

  for (const { fault, behavior, failure, requests } of cases) {
    it(`is told of ${fault}, once, and its next message gets an image`, async () => {
      setup.server.behaviors.POST = behavior;
      const { caught, out } = await setup.flow.send({ payload: 'a fox', topic: 'kept' });
      assert.deepEqual([caught.length, out.length, setup.server.seen.POST], [1, 0, requests]);
      const [{ topic, payload, error, failure: told }] = caught as [
        { topic: string; payload: string; error: AnyMessage; failure: AnyMessage },
      ];
      const { hint, ...rest } = told;
      assert.deepEqual(rest, failure);
      assert.ok((hint as string).length > 10);
      assert.deepEqual([topic, payload, error.code], ['kept', 'a fox', failure.code]);
      setup.server.behaviors.POST = good;
      const ended = await setup.flow.send({ payload: 'a fox' });
      assert.deepEqual([ended.completed.length, ended.out.length], [1, 1]);
    });
  }

  it('sees in msg.generation how often was tried, and that part was lost', async () => {
    setup.server.behaviors.POST = inTurn(
      answer(429, ''),
      answer(200, { data: [...goodBody.data, { b64_json: 'AAAA' }] }),
    );
    const { out } = await setup.flow.send({ payload: 'a fox' });
    const { attempts, received, warnings } = (out[0] as { generation: AnyMessage }).generation;
    assert.deepEqual([attempts, received, (warnings as string[]).length], [2, 2, 1]);
    assert.deepEqual(setup.flow.warnings, warnings);
    assert.equal((setup.flow.statuses.at(-1) as { status: AnyMessage }).status.fill, 'yellow');
  });

  it('sees that a message runs, and that it was cancelled', async () => {
    await setup.close();
    setup = await startFlowFixture({ account: { concurrency: 1 } });
    const busy = new Promise<void>((resolve) => {
      setup.server.behaviors.POST = then(async (peer) => {
        resolve();
        await peer.linger();
      });
    });
    setup.flow.start({ payload: 'a' }, { payload: 'b' });
    await busy;
    const shown = (): unknown[] => setup.flow.statuses.map(({ status }) => (status as AnyMessage).text as unknown);
    assert.ok(shown().includes('status.running'));
    setup.flow.start({ cancel: true });
    await setup.flow.until(3);
    assert.equal(shown().at(-1), 'status.cancelled');
  });
});
