/**
 * `npm run bench -- --guard`: fails where an image allocates more than guard.json says, by more than its tolerance.
 * Unlike CPU time, allocations hardly depend on the machine and on what else it does.
 */
import { readFileSync } from 'node:fs';

const { node, tolerance, most } = JSON.parse(readFileSync(new URL('guard.json', import.meta.url), 'utf8'));

const scenarios = {
  https: { origin: 'https', n: 2, bytes: 2_800_000 },
  small: { origin: 'https', n: 1, bytes: 100_000 },
  packets: { origin: 'packets', n: 2, bytes: 2_800_000 },
};

/**
 * Whether every scenario stays within its numbers; prints them. `measure` runs one scenario in a process of its own.
 */
export async function guard(measure) {
  console.log(`The numbers in guard.json are of Node.js ${node}, with a tolerance of ${tolerance * 100} %.`);
  let isWithin = true;
  for (const [name, scenario] of Object.entries(scenarios)) {
    const found = await measure({ ...scenario, contender: 'ours', what: 'allocations' });
    for (const [kind, value] of Object.entries(found)) {
      const limit = most[name][kind] * (1 + tolerance);
      const isOver = value > limit;
      isWithin &&= !isOver;
      console.log(`${isOver ? '✖' : '✔'} ${name}, ${kind}: ${value.toFixed(2)}, at most ${limit.toFixed(2)}`);
    }
  }
  return isWithin;
}
