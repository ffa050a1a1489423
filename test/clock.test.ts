import assert from 'node:assert/strict';
import { systemClock } from '../src/clock.js';

describe('the clock', () => {
  it('sleeps as long as it is told', async () => {
    const start = performance.now();
    await systemClock.sleep(20);
    assert.ok(performance.now() - start >= 19);
  });

  for (const long of [2 ** 31, 1e300, Infinity]) {
    it(`does not wake at once where the sleep is too long for a timer: ${long} ms`, async () => {
      const stop = new AbortController();
      const slept = systemClock.sleep(long, stop.signal);
      await systemClock.sleep(20);
      stop.abort(new Error('woken'));
      await assert.rejects(slept, /woken/);
    });
  }

  it('wakes with the reason of the signal, before or during the sleep', async () => {
    await assert.rejects(systemClock.sleep(1000, AbortSignal.abort(new Error('before'))), /before/);
    await assert.rejects(systemClock.sleep(1000, AbortSignal.timeout(1)), { name: 'TimeoutError' });
  });

  it('calls an action in time, and none that was cancelled', async () => {
    const called: string[] = [];
    systemClock.after(1, () => called.push('first'));
    systemClock.after(1, () => called.push('second'))();
    await systemClock.sleep(20);
    assert.deepEqual(called, ['first']);
  });
});
