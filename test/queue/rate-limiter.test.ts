import assert from 'node:assert/strict';
import { ImageError } from '../../src/errors.js';
import { RateLimiter, type RateLimits, type Slot } from '../../src/queue/rate-limiter.js';
import { type TestClock, testClock, turn } from '../helpers/clock.js';

/** A request for a slot. */
interface Waiting {
  name: string;
  sequence: number;
  signal: AbortSignal;
  abort(reason?: Error): void;
  /** Until when it was told to wait: seconds from the start of the test, undefined where that is not known. */
  waits: (number | undefined)[];
}

describe('the rate limiter', () => {
  let clock: TestClock;
  let limiter: RateLimiter;
  let start: number;
  /** Names of the requests that got a slot, in order; `name!` = refused. */
  let passed: string[];
  let slots: Slot[];

  const open = (limits: Partial<RateLimits> = {}): void => {
    clock = testClock();
    start = clock.now();
    limiter = new RateLimiter(makeLimits(limits), clock);
    [passed, slots] = [[], []];
  };

  /** Frees the slot that was taken first. */
  const release = async (notRequested?: number): Promise<void> => {
    await turn();
    slots.shift()?.release(notRequested);
  };

  const come = (
    name: string,
    { images = 1, bytes = 0, sequence = limiter.nextSequence(), isRetry = false } = {},
  ): Waiting => {
    const controller = new AbortController();
    const waiting: Waiting = {
      name,
      sequence,
      signal: controller.signal,
      waits: [],
      abort: (reason = new ImageError('cancelled', 'cancelled')) => controller.abort(reason),
    };
    const onWait = (until?: number): void =>
      void waiting.waits.push(until === undefined || until === Infinity ? undefined : (until - start) / 1000);
    limiter.acquire({ sequence, images, bytes, signal: controller.signal, onWait }, { isRetry }).then(
      (slot) => {
        passed.push(name);
        slots.push(slot);
      },
      (error: ImageError) => passed.push(`${name}! ${error.code}`),
    );
    return waiting;
  };

  const passedNow = async (): Promise<string> => {
    await turn();
    return passed.join(' ');
  };

  it('lets so many through at once, and the next one when a slot is released', async () => {
    open({ concurrency: 2 });
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    assert.equal(await passedNow(), 'a b');
    await release();
    assert.equal(await passedNow(), 'a b c');
    await release();
    await release();
    assert.equal(await passedNow(), 'a b c d');
  });

  it('tells a request that it waits, and until when where that is known', async () => {
    open({ concurrency: 1, perMinute: 60 });
    const first = come('a', { images: 60 });
    const second = come('b');
    await release();
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

  it('lets a request for more than a minute’s worth through with a full bucket, which it empties', async () => {
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

  it('lets no request overtake a larger one that waits', async () => {
    open({ perMinute: 10 });
    come('nine', { images: 9 });
    come('five', { images: 5 });
    come('one');
    assert.equal(await passedNow(), 'nine');
    await clock.advance(30_000);
    assert.equal(await passedNow(), 'nine five one');
  });

  it('has no rate where it is 0', async () => {
    open({ concurrency: 1000, perMinute: 0 });
    for (let count = 0; count < 1000; count++) come('a', { images: 100 });
    assert.equal((await passedNow()).length, 1999);
  });

  it('refuses the message that is one too many', async () => {
    open({ concurrency: 1, queueLimit: 2 });
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    assert.equal(await passedNow(), 'a d! queue_full');
    await release();
    come('e');
    assert.equal(await passedNow(), 'a d! queue_full b');
  });

  it('refuses images of too many bytes together, but not one that need not wait', async () => {
    open({ concurrency: 1, queueBytes: 100 });
    come('large', { bytes: 500 });
    come('sixty', { bytes: 60 });
    come('fifty', { bytes: 50 });
    come('forty', { bytes: 40 });
    come('none');
    assert.equal(await passedNow(), 'large fifty! queue_full');
    await release();
    await release();
    come('again', { bytes: 60 });
    await release();
    await release();
    assert.equal(await passedNow(), 'large fifty! queue_full sixty forty none again');
  });

  it('keeps the place of a retry in the queue, and never refuses it', async () => {
    open({ concurrency: 1, queueLimit: 2 });
    const first = come('first');
    come('second');
    come('third');
    await release();
    come('first again', { sequence: first.sequence, isRetry: true });
    await turn();
    await release();
    await release();
    assert.equal(await passedNow(), 'first second first again third');
  });

  it('lets no request through during a pause, then all in order', async () => {
    open();
    const first = come('first');
    await turn();
    await release();
    limiter.pause(7000);
    const second = come('second');
    come('first again', { sequence: first.sequence, isRetry: true });
    await clock.advance(6999);
    assert.equal(await passedNow(), 'first');
    assert.deepEqual(second.waits, [7]);
    await clock.advance(1);
    assert.equal(await passedNow(), 'first first again second');
  });

  it('keeps the longer of two pauses, and tells the requests that wait', async () => {
    open();
    limiter.pause(9000);
    const waiting = come('a');
    limiter.pause(3000);
    limiter.pause(20_000);
    await clock.advance(19_999);
    assert.equal(await passedNow(), '');
    await clock.advance(1);
    assert.equal(await passedNow(), 'a');
    assert.deepEqual(waiting.waits, [9, 9, 20]);
  });

  it('ends at once when aborted, and makes room', async () => {
    open({ concurrency: 1, queueLimit: 1, queueBytes: 10 });
    come('a');
    const second = come('b', { bytes: 10 });
    second.abort();
    come('c', { bytes: 10 });
    assert.equal(await passedNow(), 'a b! cancelled');
    await release();
    assert.equal(await passedNow(), 'a b! cancelled c');
  });

  it('lets the next one go when the one that blocked the queue is aborted', async () => {
    open({ perMinute: 10 });
    come('nine', { images: 9 });
    const ten = come('ten', { images: 10 });
    come('one');
    assert.equal(await passedNow(), 'nine');
    ten.abort();
    assert.equal(await passedNow(), 'nine ten! cancelled one');
  });

  it('admits no request that is aborted already', async () => {
    open();
    const signal = AbortSignal.abort(new ImageError('cancelled', 'cancelled'));
    await assert.rejects(limiter.acquire({ sequence: limiter.nextSequence(), images: 1, bytes: 0, signal }), {
      code: 'cancelled',
    });
    come('a');
    assert.equal(await passedNow(), 'a');
  });

  it('sets no timer once nothing waits', async () => {
    open({ perMinute: 1 });
    come('a');
    const second = come('b');
    await turn();
    assert.equal(clock.asleep(), 1);
    second.abort();
    await turn();
    assert.equal(clock.asleep(), 0);
  });

  describe('with new limits', () => {
    it('admits at once what waited for a slot', async () => {
      open({ concurrency: 1 });
      for (const name of ['a', 'b', 'c']) come(name);
      limiter.configure(makeLimits({ concurrency: 2 }));
      assert.equal(await passedNow(), 'a b');
    });

    it('waits until fewer are under way', async () => {
      open({ concurrency: 3 });
      for (const name of ['a', 'b', 'c', 'd']) come(name);
      limiter.configure(makeLimits({ concurrency: 1 }));
      await release();
      await release();
      assert.equal(await passedNow(), 'a b c');
      await release();
      assert.equal(await passedNow(), 'a b c d');
    });

    it('gives the images that a higher rate allows', async () => {
      open({ perMinute: 1 });
      for (const name of ['a', 'b', 'c', 'd']) come(name);
      limiter.configure(makeLimits({ perMinute: 3 }));
      assert.equal(await passedNow(), 'a b c');
    });

    it('begins a rate with a full bucket, whatever was made without one', async () => {
      open({ perMinute: 0 });
      come('many', { images: 1000 });
      limiter.configure(makeLimits({ perMinute: 2 }));
      for (const name of ['a', 'b', 'c']) come(name);
      assert.equal(await passedNow(), 'many a b');
    });

    it('admits at once what waited for a rate that is lifted', async () => {
      open({ perMinute: 1 });
      for (const name of ['a', 'b', 'c']) come(name);
      limiter.configure(makeLimits({ perMinute: 0 }));
      assert.equal(await passedNow(), 'a b c');
    });
  });

  it('waits no longer and no shorter when the clock of the machine is set', async () => {
    open({ perMinute: 2 });
    limiter.pause(7000);
    come('a');
    clock.setTime(start - 3_600_000);
    come('b');
    await clock.advance(6999);
    assert.equal(await passedNow(), '');
    await clock.advance(1);
    assert.equal(await passedNow(), 'a b');
    clock.setTime(start + 3_600_000);
    come('c');
    assert.equal(await passedNow(), 'a b');
    await clock.advance(30_000);
    assert.equal(await passedNow(), 'a b c');
  });

  it('frees a slot once, however often it is released', async () => {
    open({ concurrency: 1 });
    for (const name of ['a', 'b', 'c']) come(name);
    await turn();
    const [first] = slots;
    first?.release();
    first?.release();
    assert.equal(await passedNow(), 'a b');
  });

  it('gives back to the minute what was not requested', async () => {
    open({ perMinute: 10 });
    come('mistyped', { images: 1000 });
    await release(999);
    come('nine', { images: 9 });
    come('one');
    assert.equal(await passedNow(), 'mistyped nine');
  });

  it('keeps the order of thousands', async () => {
    open({ concurrency: 1, queueLimit: 10_000 });
    const names = Array.from({ length: 5000 }, (_, index) => String(index));
    for (const name of names) come(name);
    for (const _ of names) await release();
    assert.equal(await passedNow(), names.join(' '));
  });
});

function makeLimits(limits: Partial<RateLimits>): RateLimits {
  return { concurrency: 100, perMinute: 0, queueLimit: 1000, queueBytes: 1000, ...limits };
}
