/** Chance that comes out the same for the same seed. */
export interface Chance {
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number;
  /** Whether something happens whose probability is `share`. */
  happens(share: number): boolean;
  /** One of a list. */
  one<T>(list: readonly T[]): T;
}

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough to shuffle with. */
export function chance(seed: number): Chance {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, happens: (share) => next() < share, one: (list) => list[below(list.length)]! };
}

const isRandom = process.argv.includes('--random');
const givenSeed = process.argv.find((argument) => argument.startsWith('--seed='))?.slice('--seed='.length);

/** The same in every run, unless the command line says `--random` or `--seed=N`. */
export const seed = isRandom ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed ?? 20261123);

/** How long a test goes on, in milliseconds: a minute where the command line has a say about the seed. */
export const duration = isRandom || givenSeed !== undefined ? 60_000 : 2000;

/** For fast-check: so many runs, or ten times as many where the command line has a say about the seed. */
export function runs(count: number): { seed: number; numRuns: number } {
  return { seed, numRuns: isRandom || givenSeed !== undefined ? count * 10 : count };
}
