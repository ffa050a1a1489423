import assert from 'node:assert/strict';
import { ImageError } from '../../src/errors.js';
import { RateLimiter, type RateLimits } from '../../src/queue/rate-limiter.js';
import { type TestClock, testClock, turn } from '../helpers/clock.js';

/** One that wants to pass. */
interface Visitor {
  name: string;
  sequence: number;
  signal: AbortSignal;
  leave(reason?: Error): void;
  /** What it was told about waiting: seconds from the start of the test, undefined where nobody knows. */
  waits: (number | undefined)[];
}

describe('gate', () => {
  let clock: TestClock;
  let gate: RateLimiter;
  let start: number;
  /** Names of those who passed, in order; `name!` = turned away. */
  let passed: string[];

  const open = (limits: Partial<RateLimits> = {}): void => {
    clock = testClock();
    start = clock.now();
    gate = new RateLimiter(limitsOf(limits), clock);
    passed = [];
  };

  /** Comes to the gate; `leave` is only for those who wait. */
  const come = (
    name: string,
    { images = 1, bytes = 0, sequence = gate.nextSequence(), isRetry = false } = {},
  ): Visitor => {
    const controller = new AbortController();
    const visitor: Visitor = {
      name,
      sequence,
      signal: controller.signal,
      waits: [],
      leave: (reason = new ImageError('cancelled', 'cancelled')) => controller.abort(reason),
    };
    const onWait = (until?: number): void =>
      void visitor.waits.push(until === undefined || until === Infinity ? undefined : (until - start) / 1000);
    gate.acquire({ sequence, images, bytes, signal: controller.signal, onWait }, { isRetry }).then(
      () => passed.push(name),
      (error: ImageError) => passed.push(`${name}! ${error.code}`),
    );
    return visitor;
  };

  const passedNow = async (): Promise<string> => {
    await turn();
    return passed.join(' ');
  };

  it('lets so many through at once, and the next when one leaves', async () => {
    open({ concurrency: 2 });
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    assert.equal(await passedNow(), 'a b');
    gate.release();
    assert.equal(await passedNow(), 'a b c');
    gate.release();
    gate.release();
    assert.equal(await passedNow(), 'a b c d');
  });

  it('tells who waits, and until when where that is known', async () => {
    open({ concurrency: 1, perMinute: 60 });
    const first = come('a', { images: 60 });
    const second = come('b');
    gate.release();
    const third = come('c');
    await turn();
    assert.deepEqual([first.waits, second.waits, third.waits], [[], [undefined], [1]]);
  });

  it('counts images, not requests, per minute', async () => {
    open({ perMinute: 30 });
    come('twenty', { images: 20 });
    come('ten', { images: 10 });
    come('one', { images: 1 });
    come('four', { images: 4 });
    assert.equal(await passedNow(), 'twenty ten');
    await clock.advance(1999);
    assert.equal(await passedNow(), 'twenty ten');
    await clock.advance(1);
    assert.equal(await passedNow(), 'twenty ten one');
    await clock.advance(7999);
    assert.equal(await passedNow(), 'twenty ten one');
    await clock.advance(1);
    assert.equal(await passedNow(), 'twenty ten one four');
  });

  it('saves no more than one minute for later', async () => {
    open({ perMinute: 3 });
    await clock.advance(600_000);
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    assert.equal(await passedNow(), 'a b c');
  });

  it('lets a request for more than a minute’s worth through with a full bucket, and makes the next one wait as behind a full minute', async () => {
    open({ perMinute: 10 });
    come('one');
    come('fifty', { images: 50 });
    come('last');
    await clock.advance(5999);
    assert.equal(await passedNow(), 'one');
    await clock.advance(1);
    assert.equal(await passedNow(), 'one fifty');
    await clock.advance(5999);
    assert.equal(await passedNow(), 'one fifty');
    await clock.advance(1);
    assert.equal(await passedNow(), 'one fifty last');
  });

  it('lets nobody pass by a larger request that waits', async () => {
    open({ perMinute: 10 });
    come('nine', { images: 9 });
    come('five', { images: 5 });
    come('one');
    assert.equal(await passedNow(), 'nine');
    await clock.advance(30_000);
    assert.equal(await passedNow(), 'nine five one');
  });

  it('knows no rate where it is 0', async () => {
    open({ concurrency: 1000, perMinute: 0 });
    for (let count = 0; count < 1000; count++) come('a', { images: 100 });
    assert.equal((await passedNow()).length, 1999);
  });

  it('refuses the message that is one too many', async () => {
    open({ concurrency: 1, queueLimit: 2 });
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    assert.equal(await passedNow(), 'a d! queue_full');
    gate.release();
    come('e');
    assert.equal(await passedNow(), 'a d! queue_full b');
  });

  it('refuses images that are too many bytes together, but not one that need not wait', async () => {
    open({ concurrency: 1, queueBytes: 100 });
    come('large', { bytes: 500 });
    come('sixty', { bytes: 60 });
    come('fifty', { bytes: 50 });
    come('forty', { bytes: 40 });
    come('none');
    assert.equal(await passedNow(), 'large fifty! queue_full');
    gate.release();
    gate.release();
    come('again', { bytes: 60 });
    gate.release();
    gate.release();
    assert.equal(await passedNow(), 'large fifty! queue_full sixty forty none again');
  });

  it('gives a retry its old place, and never refuses it', async () => {
    open({ concurrency: 1, queueLimit: 2 });
    const first = come('first');
    come('second');
    come('third');
    gate.release();
    come('first again', { sequence: first.sequence, isRetry: true });
    await turn();
    gate.release();
    gate.release();
    assert.equal(await passedNow(), 'first second first again third');
  });

  it('lets nobody pass during a pause, then all in order', async () => {
    open();
    const first = come('first');
    await turn();
    gate.release();
    gate.pause(7000);
    const second = come('second');
    come('first again', { sequence: first.sequence, isRetry: true });
    await clock.advance(6999);
    assert.equal(await passedNow(), 'first');
    assert.deepEqual(second.waits, [7]);
    await clock.advance(1);
    assert.equal(await passedNow(), 'first first again second');
  });

  it('keeps the longer of two pauses, and tells those who wait', async () => {
    open();
    gate.pause(9000);
    const visitor = come('a');
    gate.pause(3000);
    gate.pause(20_000);
    await clock.advance(19_999);
    assert.equal(await passedNow(), '');
    await clock.advance(1);
    assert.equal(await passedNow(), 'a');
    assert.deepEqual(visitor.waits, [9, 9, 20]);
  });

  it('lets go at once who leaves, and makes room', async () => {
    open({ concurrency: 1, queueLimit: 1, queueBytes: 10 });
    come('a');
    const second = come('b', { bytes: 10 });
    second.leave();
    come('c', { bytes: 10 });
    assert.equal(await passedNow(), 'a b! cancelled');
    gate.release();
    assert.equal(await passedNow(), 'a b! cancelled c');
  });

  it('lets the next one go when the one that held up all leaves', async () => {
    open({ perMinute: 10 });
    come('nine', { images: 9 });
    const ten = come('ten', { images: 10 });
    come('one');
    assert.equal(await passedNow(), 'nine');
    ten.leave();
    assert.equal(await passedNow(), 'nine ten! cancelled one');
  });

  it('does not let in who has left before', async () => {
    open();
    const signal = AbortSignal.abort(new ImageError('cancelled', 'cancelled'));
    await assert.rejects(gate.acquire({ sequence: gate.nextSequence(), images: 1, bytes: 0, signal }), {
      code: 'cancelled',
    });
    come('a');
    assert.equal(await passedNow(), 'a');
  });

  it('sleeps no more once nobody waits', async () => {
    open({ perMinute: 1 });
    come('a');
    const second = come('b');
    await turn();
    assert.equal(clock.asleep(), 1);
    second.leave();
    await turn();
    assert.equal(clock.asleep(), 0);
  });

  describe('with new limits', () => {
    it('lets in at once who waited for a slot', async () => {
      open({ concurrency: 1 });
      for (const name of ['a', 'b', 'c']) come(name);
      gate.configure(limitsOf({ concurrency: 2 }));
      assert.equal(await passedNow(), 'a b');
    });

    it('waits until fewer are under way', async () => {
      open({ concurrency: 3 });
      for (const name of ['a', 'b', 'c', 'd']) come(name);
      gate.configure(limitsOf({ concurrency: 1 }));
      gate.release();
      gate.release();
      assert.equal(await passedNow(), 'a b c');
      gate.release();
      assert.equal(await passedNow(), 'a b c d');
    });

    it('gives the images that a higher rate allows', async () => {
      open({ perMinute: 1 });
      for (const name of ['a', 'b', 'c', 'd']) come(name);
      gate.configure(limitsOf({ perMinute: 3 }));
      assert.equal(await passedNow(), 'a b c');
    });

    it('begins a rate with a full bucket, whatever was made without one', async () => {
      open({ perMinute: 0 });
      come('many', { images: 1000 });
      gate.configure(limitsOf({ perMinute: 2 }));
      for (const name of ['a', 'b', 'c']) come(name);
      assert.equal(await passedNow(), 'many a b');
    });

    it('forgets a rate that is lifted', async () => {
      open({ perMinute: 1 });
      for (const name of ['a', 'b', 'c']) come(name);
      gate.configure(limitsOf({ perMinute: 0 }));
      assert.equal(await passedNow(), 'a b c');
    });
  });

  it('takes no images back when the clock of the machine is set back', async () => {
    let now = start;
    const gate = new RateLimiter(limitsOf({ perMinute: 2 }), {
      now: () => now,
      sleep: () => new Promise(() => undefined),
    });
    now -= 3_600_000;
    const { signal } = new AbortController();
    await gate.acquire({ sequence: gate.nextSequence(), images: 2, bytes: 0, signal });
  });

  it('keeps the order of thousands', async () => {
    open({ concurrency: 1, queueLimit: 10_000 });
    const names = Array.from({ length: 5000 }, (_, index) => String(index));
    for (const name of names) come(name);
    for (const _ of names) gate.release();
    assert.equal(await passedNow(), names.join(' '));
  });
});

function limitsOf(limits: Partial<RateLimits>): RateLimits {
  return { concurrency: 100, perMinute: 0, queueLimit: 1000, queueBytes: 1000, ...limits };
}
