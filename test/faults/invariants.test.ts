import assert from 'node:assert/strict';
import { testClock, turn } from '../helpers/clock.js';
import type { AnyMessage } from '../helpers/flow.js';
import { type Chance, chance, seed } from '../helpers/random.js';
import { png } from '../helpers/server-behaviors.js';
import type { Peer } from '../helpers/hostile-server.js';
import { mixBehaviors } from '../helpers/mixed-behaviors.js';
import { type FlowFixture, startFlowFixture } from '../helpers/flow-fixture.js';

const count = 2000;
const timeout = 300_000;

const expectedCodes = [
  'cancelled',
  'queue_full',
  'connection_lost',
  'timed_out',
  'server_failed',
  'bad_response',
  'moderated',
  'download_failed',
  'daily_limit',
  'invalid_input',
];

describe('the invariants', () => {
  let setup: FlowFixture;

  afterEach(() => setup.close());

  it(`holds for ${count} messages with faults and cancels: each ends once, none is paid for twice (seed ${seed})`, async function () {
    const handles = sockets();
    const dice = chance(seed);
    setup = await startFlowFixture({
      clock: testClock({ skip: 50_000 }),
      account: { concurrency: 16, queueLimit: 50 },
      node: { count: 'count', countType: 'msg' },
    });
    const spent = serve(dice);
    const cancels = await sendAll(dice);
    await allHaveEnded(count + cancels);

    const { out, caught, completed } = setup.flow.ended;
    const made = tally(out);
    assert.equal(completed.length + caught.length, count + cancels);
    assert.deepEqual(
      [...tally([...completed, ...caught])].filter(([, times]) => times !== 1),
      [],
      'some ended more than once',
    );
    assert.deepEqual(
      [...made.keys()].filter((topic) => caught.some((message) => message.topic === topic)),
      [],
      'some failed and came out, too',
    );
    assert.equal(made.size, completed.length - cancels, 'some were completed without an image');
    assert.deepEqual(
      [...spent].filter(([, times]) => times > 1),
      [],
      'some were sent again though they may have been paid for',
    );
    for (const { topic, failure } of caught as { topic: string; failure: AnyMessage }[]) {
      const mayBePaid = spent.has(topic);
      assert.ok(
        failure.charged !== 'no' || !mayBePaid,
        `${topic} ends with ${failure.code as string} and was not charged, but may have been`,
      );
      assert.ok(failure.charged !== 'yes' || mayBePaid, `${topic} was never asked for, but is said to be charged`);
    }
    for (const prompt of spent.keys()) assert.match(prompt, /^\d+$/);
    const codes = new Set((caught as { failure: AnyMessage }[]).map(({ failure }) => failure.code as string));
    assert.deepEqual(
      expectedCodes.filter((code) => !codes.has(code)),
      [],
      'the mix is too tame',
    );

    await setup.close();
    assert.equal(setup.clock.asleep(), 0);
    for (let turns = 0; turns < 1000 && sockets() > handles; turns++) await turn();
    assert.equal(sockets(), handles, 'connections are left open');
  });

  /** Requests that stall are, now and then, so many that time is up for all that is under way. */
  function serve(dice: Chance): Map<string, number> {
    let stalled = 0;
    const stall = async (peer: Peer): Promise<void> => {
      stalled += 1;
      if (stalled >= 8) void setup.clock.advance(timeout);
      await peer.linger();
      stalled -= 1;
    };
    return mixBehaviors(setup.server, dice, { stalls: 0.03, stall });
  }

  /** Sends all messages in bursts, with cancels in between; gives how many cancels those were. */
  async function sendAll(dice: Chance): Promise<number> {
    let cancels = 0;
    for (let number = 0; number < count; number++) {
      const topic = String(number);
      setup.flow.start({ _msgid: topic, topic, ...contents(dice, topic) });
      if (dice.happens(0.1)) {
        cancels += 1;
        setup.flow.start({ cancel: true, ...(dice.happens(0.97) && { cancelId: String(number - dice.below(50)) }) });
      }
      const isBurst = number % 500 > 400;
      for (let turns = isBurst ? 0 : dice.below(10); turns > 0; turns--) await turn();
    }
    return cancels;
  }

  /** Whatever still stalls when nothing else moves runs into its time limit. */
  async function allHaveEnded(expected: number): Promise<void> {
    const { caught, completed } = setup.flow.ended;
    for (let before = -1; caught.length + completed.length < expected;) {
      if (before === caught.length + completed.length) await setup.clock.advance(timeout);
      before = caught.length + completed.length;
      for (let turns = 0; turns < 500; turns++) await turn();
    }
    for (let turns = 0; turns < 100; turns++) await turn();
  }
});

/** What a message holds: mostly a prompt, sometimes an image, sometimes nothing that could become a request. */
function contents(dice: Chance, topic: string): AnyMessage {
  if (dice.happens(0.05))
    return dice.one([
      { payload: null },
      { payload: '' },
      { payload: {} },
      { payload: Buffer.from('no image'), prompt: topic },
      { payload: topic, count: 0 },
    ]);
  if (dice.happens(0.2)) return { payload: png, prompt: topic };
  return { payload: topic, ...(dice.happens(0.2) && { count: 1 + dice.below(3) }) };
}

/** How many messages there are of each topic; cancels have none. */
function tally(messages: AnyMessage[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { topic } of messages as { topic?: string }[])
    if (topic !== undefined) times.set(topic, (times.get(topic) ?? 0) + 1);
  return times;
}

function sockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => /TCP|TLS|Pipe/.test(resource)).length;
}
