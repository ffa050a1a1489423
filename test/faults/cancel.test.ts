import assert from 'node:assert/strict';
import { turn } from '../helpers/clock.js';
import type { AnyMessage } from '../helpers/flow.js';
import { addresses, answer, good, goodBody, half, then, wire } from '../helpers/server-behaviors.js';
import type { Peer } from '../helpers/hostile-server.js';
import { type FlowFixture, startFlowFixture } from '../helpers/flow-fixture.js';

describe('cancel', () => {
  let setup: FlowFixture;

  afterEach(() => setup.close());

  /** Sends these topics, each as its own `_msgid` and prompt. */
  const start = (...topics: string[]): void =>
    setup.flow.start(...topics.map((topic) => ({ _msgid: topic, topic, payload: topic })));

  /** What has ended, in words: `completed a`, `cancelled unknown b`. Resolves when it is so many, and no more come. */
  async function ends(count: number): Promise<string[]> {
    await setup.flow.until(count);
    for (let turns = 0; turns < 30; turns++) await turn();
    const { completed, caught } = setup.flow.ended;
    const failure = (message: AnyMessage): AnyMessage => message.failure as AnyMessage;
    return [
      ...completed.filter(({ topic }) => topic !== undefined).map(({ topic }) => `completed ${topic as string}`),
      ...caught.map(
        (message) =>
          `${failure(message).code as string} ${failure(message).charged as string} ${message.topic as string}`,
      ),
    ].sort();
  }

  const out = (): unknown[] => setup.flow.ended.out.map(({ topic }) => topic as unknown);

  const points: Record<string, string | Buffer> = {
    'before the answer': '',
    'in the header of the answer': 'HTTP/1.1 200 O',
    'in the body of the answer': half,
  };
  for (const [when, sent] of Object.entries(points)) {
    it(`${when} ends the message once, as unknown, and cuts the connection`, async () => {
      setup = await startFlowFixture();
      const held = hold('POST', sent);
      start('a');
      await held;
      setup.flow.start({ cancel: true });
      await setup.server.idle();
      assert.deepEqual([await ends(2), out()], [['cancelled unknown a'], []]);
    });
  }

  it('during a download says that it may be paid for', async () => {
    setup = await startFlowFixture();
    setup.server.behaviors.POST = addresses(`http://127.0.0.1:${setup.server.port}/image.png`);
    const held = hold('GET');
    start('a');
    const peer = await held;
    setup.flow.start({ cancel: true });
    await peer.gone();
    assert.deepEqual(await ends(2), ['cancelled unknown a']);
  });

  it('while connecting ends the message at once, free', async () => {
    setup = await startFlowFixture({ scheme: 'https' });
    const connecting = new Promise<void>((resolve) => {
      setup.server.connection = async (peer) => {
        await peer.arrives(1);
        resolve();
        await peer.linger();
      };
    });
    start('a');
    await connecting;
    setup.flow.start({ cancel: true });
    assert.deepEqual(await ends(2), ['cancelled no a']);
  });

  it('while it waits to try again ends the message at once, free', async () => {
    setup = await startFlowFixture();
    setup.server.behaviors.POST = answer(429, '', { 'retry-after': '30' });
    start('a');
    while (setup.clock.asleep() !== 1 || setup.server.seen.POST === 0) await turn();
    await setup.clock.advance(29_999);
    setup.flow.start({ cancel: true });
    assert.deepEqual(await ends(2), ['cancelled no a']);
    assert.deepEqual([setup.server.seen.POST, setup.clock.asleep()], [1, 0]);
  });

  it('of waiting messages ends them at once, free, and lets the running one end', async () => {
    setup = await startFlowFixture({ account: { concurrency: 1 } });
    const held = holdFirst();
    start('a', 'b', 'c', 'd');
    const goOn = await held;
    setup.flow.start({ cancel: true, cancelId: 'b' }, { cancel: true, cancelId: 'd' });
    assert.deepEqual(await ends(4), ['cancelled no b', 'cancelled no d']);
    goOn();
    assert.deepEqual(await ends(6), ['cancelled no b', 'cancelled no d', 'completed a', 'completed c']);
    assert.deepEqual([out(), setup.server.seen.POST], [['a', 'c'], 2]);
  });

  it('without an id ends all, whether they run or wait', async () => {
    setup = await startFlowFixture({ account: { concurrency: 1 } });
    const held = hold('POST');
    start('a', 'b', 'c');
    await held;
    setup.flow.start({ cancel: true });
    assert.deepEqual(await ends(4), ['cancelled no b', 'cancelled no c', 'cancelled unknown a']);
    setup.server.behaviors.POST = good;
    start('d');
    await ends(5);
    assert.deepEqual(out(), ['d']);
  });

  it('by the id of several ends all of these, and no others', async () => {
    setup = await startFlowFixture();
    const held = hold('POST');
    setup.flow.start({ _msgid: 'x', topic: 'a', payload: 'a' }, { _msgid: 'x', topic: 'b', payload: 'b' });
    await held;
    while (setup.server.seen.POST < 2) await turn();
    setup.flow.start({ cancel: true, cancelId: 'unknown' });
    assert.deepEqual(await ends(1), []);
    setup.flow.start({ cancel: true, cancelId: 'x' });
    assert.deepEqual(await ends(4), ['cancelled unknown a', 'cancelled unknown b']);
  });

  it('is also called reset', async () => {
    setup = await startFlowFixture();
    const held = hold('POST');
    start('a');
    await held;
    setup.flow.start({ reset: true });
    assert.deepEqual(await ends(2), ['cancelled unknown a']);
  });

  it('without anything to cancel is completed, and sends nothing', async () => {
    setup = await startFlowFixture();
    setup.flow.start({ cancel: true, payload: 'a fox' }, { cancel: true, cancelId: 'a' });
    await ends(2);
    assert.deepEqual(
      [setup.flow.ended.completed.length, setup.flow.ended.caught.length, out(), setup.server.seen.POST],
      [2, 0, [], 0],
    );
  });

  it('right behind a message keeps it from being sent', async () => {
    setup = await startFlowFixture();
    start('a');
    setup.flow.start({ cancel: true });
    assert.deepEqual(await ends(2), ['cancelled no a']);
    assert.equal(setup.server.seen.POST, 0);
  });

  /** Every request of a kind is answered with this beginning and nothing more; resolves when the first one is there. */
  function hold(kind: 'POST' | 'GET', sent: string | Buffer = ''): Promise<Peer> {
    return new Promise((resolve) => {
      setup.server.behaviors[kind] = then(async (peer) => {
        await peer.write(sent);
        for (let turns = 0; turns < 5; turns++) await turn();
        resolve(peer);
        await peer.linger();
      });
    });
  }

  /** Holds the first request; resolves when it is there, with what lets it go on. The others are answered at once. */
  function holdFirst(): Promise<() => void> {
    return new Promise((arrived) => {
      setup.server.behaviors.POST = async (peer) => {
        setup.server.behaviors.POST = good;
        await peer.request();
        await new Promise<void>((goOn) => arrived(goOn));
        await peer.write(wire(200, goodBody));
      };
    });
  }
});
