import { type Clock, sleepOn } from '../../src/clock.js';

/** Time that a test moves. */
export interface TestClock extends Clock {
  /** All waits that were asked for, in milliseconds. */
  waits: number[];
  /** How many sleep now. */
  asleep(): number;
  /** Lets time pass; each sleeper wakes at its moment, also one that falls asleep on the way. */
  advance(milliseconds: number): Promise<void>;
  /** Lets time pass until the next one wakes. */
  skipToNext(): void;
  /** Sets the clock of the machine; no sleeper wakes for it. */
  setTime(time: number): void;
}

interface Sleeper {
  time: number;
  wake(): void;
}

/**
 * A clock that stands still unless it is advanced. Waits of up to `skip` milliseconds pass by themselves in the next turn of
 * the event loop, as if nothing else happened meanwhile.
 */
export function testClock({ skip = -1, start = Date.UTC(2026, 0, 1) } = {}): TestClock {
  let now = 0;
  let epoch = start;
  const sleepers = new Set<Sleeper>();

  const passTo = (time: number): void => {
    now = Math.max(now, time);
    for (const sleeper of [...sleepers].filter((one) => one.time <= now).sort((one, other) => one.time - other.time))
      sleeper.wake();
  };

  const clock: TestClock = {
    waits: [],
    now: () => epoch + now,
    monotonic: () => now,
    asleep: () => sleepers.size,
    after(milliseconds, action) {
      clock.waits.push(milliseconds);
      const sleeper: Sleeper = {
        time: now + milliseconds,
        wake() {
          sleepers.delete(sleeper);
          action();
        },
      };
      sleepers.add(sleeper);
      if (milliseconds <= skip) setImmediate(() => sleepers.has(sleeper) && passTo(sleeper.time));
      return () => void sleepers.delete(sleeper);
    },
    sleep: (milliseconds, signal) => sleepOn(clock, milliseconds, signal),
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await turn();
        const next = Math.min(...[...sleepers].map(({ time }) => time));
        if (next > end) break;
        passTo(next);
      }
      passTo(end);
      await turn();
    },
    skipToNext() {
      if (sleepers.size > 0) passTo(Math.min(...[...sleepers].map(({ time }) => time)));
    },
    setTime(time) {
      epoch = time - now;
    },
  };
  return clock;
}

/** Resolves when everything that is ready now has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
