import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** Seconds since `start`, as text. */
export const since = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/**
 * Runs a command under a title that says how long it takes, every ten
 * seconds while it does. Rejects when the command fails.
 */
export async function run(title, command, args, options) {
  const start = performance.now();
  console.log(`${title} ...`);
  const heartbeat = setInterval(() => console.log(`  ... ${Math.round((performance.now() - start) / 1000)} s`), 10_000);
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  try {
    await ended(child);
  } catch (error) {
    throw new Error(`${title}: ${error.message}`, { cause: error });
  } finally {
    clearInterval(heartbeat);
  }
  console.log(`  done in ${since(start)}`);
}

/** Resolves when the process ends well, rejects with how it ended otherwise. */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(signal ? `ended by ${signal}.` : `ended with code ${code}.`));
    });
  });
}
