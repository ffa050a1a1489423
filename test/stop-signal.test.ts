import assert from 'node:assert/strict';
import { abortable } from '../src/abortable.js';
import { sleepOn, systemClock } from '../src/clock.js';
import { StopSignal } from '../src/stop-signal.js';

const reason = new Error('stopped');

describe('the signal of a message', () => {
  for (const [title, aborter] of [
    ['Node', () => new AbortController()],
    ['this package', stopController],
  ] as const) {
    describe(`as ${title} makes it`, () => {
      it('has no reason until it is aborted, and then the first', () => {
        const { signal, abort } = open(aborter());
        assert.deepEqual([signal.aborted, signal.reason], [false, undefined]);
        signal.throwIfAborted();
        abort(reason);
        abort(new Error('again'));
        assert.deepEqual([signal.aborted, signal.reason], [true, reason]);
        assert.throws(() => signal.throwIfAborted(), reason);
      });

      it('calls each listener once, functions and objects, in their order', () => {
        const { signal, abort } = open(aborter());
        const calls: string[] = [];
        const first = (event: Event): void => void calls.push(`first ${event.type}`);
        signal.addEventListener('abort', first);
        signal.addEventListener('abort', { handleEvent: () => void calls.push('second') }, { once: true });
        signal.addEventListener('abort', first);
        abort(reason);
        abort(reason);
        assert.deepEqual(calls, ['first abort', 'second']);
      });

      it('calls no listener that was removed, also by another one', () => {
        const { signal, abort } = open(aborter());
        const calls: string[] = [];
        const [early, late] = [(): void => void calls.push('early'), (): void => void calls.push('late')];
        signal.addEventListener('abort', early);
        signal.addEventListener('abort', () => signal.removeEventListener('abort', late));
        signal.addEventListener('abort', late);
        signal.removeEventListener('abort', early);
        abort(reason);
        assert.deepEqual(calls, []);
      });

      it('ends what waits with it', async () => {
        const { signal, abort } = open(aborter());
        const waits = [abortable(new Promise(() => undefined), signal), sleepOn(systemClock, 1e6, signal)];
        abort(reason);
        for (const wait of waits) await assert.rejects(wait, reason);
      });
    });
  }
});

interface Aborter {
  signal: AbortSignal;
  abort(reason: Error): void;
}

function stopController(): Aborter {
  const signal = new StopSignal();
  return { signal, abort: (why) => signal.abort(why) };
}

function open(aborter: Aborter): Aborter {
  return { signal: aborter.signal, abort: (why) => aborter.abort(why) };
}
