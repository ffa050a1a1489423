import { readFileSync } from 'node:fs';

/**
 * The longest time in milliseconds that work held the event loop. Time in which the machine ran other programs does not count:
 * a stall lasts no longer than the thread of the event loop was computing.
 */
export async function longestStall(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isRunning = true;
  let before = now();
  const tick = (): void => {
    const after = now();
    longest = Math.max(longest, Math.min(after.wall - before.wall, after.cpu - before.cpu));
    before = after;
    if (isRunning) setImmediate(tick);
  };
  setImmediate(tick);
  try {
    await work();
  } finally {
    isRunning = false;
    tick();
  }
  return longest;
}

function now(): { wall: number; cpu: number } {
  return { wall: performance.now(), cpu: threadTime() };
}

/** Linux tells the time of a single thread, in nanoseconds (proc_pid_schedstat(5)); elsewhere that of the whole process counts. */
function threadTime(): number {
  if (process.platform === 'linux')
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
