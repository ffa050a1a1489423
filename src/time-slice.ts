/** How long work may hold the event loop before others get their turn, in milliseconds. */
const sliceLength = 5;

const waiting: (() => void)[] = [];

/** Ends a slice of long work. Of all who wait, one goes on in each turn of the event loop, so that many do not add up. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(resumeOldest);
  });
}

function resumeOldest(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(resumeOldest);
}

/**
 * Does long work piece by piece: `work` is called with the start of each piece until it says that it cannot go on or the end is
 * reached. Gives whether the end was reached.
 */
export async function inSlices(
  { length, piece }: { length: number; piece: number },
  work: (start: number, end: number) => boolean,
): Promise<boolean> {
  if (length > piece) await nextTurn();
  let started = performance.now();
  for (let start = 0; start < length; start += piece) {
    if (performance.now() - started > sliceLength) {
      await nextTurn();
      started = performance.now();
    }
    if (!work(start, Math.min(start + piece, length))) return false;
  }
  return true;
}
