/**
 * The longest time in milliseconds that work held the event loop. Time in which the machine ran other programs does not count:
 * a stall lasts no longer than this process was computing.
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
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}
