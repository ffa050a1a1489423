import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { ended, since } from '../run.mjs';

/** Runs one script of Node.js, prints its output when it has ended, and counts it as one passed or failed. */
export async function runCheck(title, args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const problem = await ended(child).then(
    () => undefined,
    (error) => error.message,
  );
  console.log(`${problem ? '✖' : '✔'} ${title} (${since(start)})`);
  if (output.trim()) console.log(output.trimEnd());
  if (problem) console.log(`  ${title}: ${problem}`);
  if (problem) return { passed: 0, failed: 1, skipped: 0, failures: [`${title}: ${problem}`] };
  return { passed: 1, failed: 0, skipped: 0, failures: [] };
}
