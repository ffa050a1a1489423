/** How long work may block the event loop before other work gets its turn, in milliseconds. */
const sliceLength = 5;

const waiting: (() => void)[] = [];

/**
 * Ends a slice of long work. One waiting task continues in each turn of the event loop, so that several do not add up.
 */
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
 * Does long work in slices: calls `work` for one range after the other until it returns false. Resolves with whether it
 * reached the end.
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
