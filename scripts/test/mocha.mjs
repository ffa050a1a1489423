import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { since } from '../run.mjs';

const reporter = fileURLToPath(new URL('reporter.cjs', import.meta.url));
const wholeTimeout = 900_000;
/** How long mocha may take to exit by itself after the last test. */
const exitTimeout = 10_000;

/**
 * Runs mocha and gives its counts. A run that dies before it has counts, that holds no test or that does not exit by
 * itself is a failure. `node` runs it, with `env` beside the environment. Its output appears as it comes, or as a whole
 * once the promise `after` has resolved; a `brief` run prints more than its one line only when it fails. `priority` is
 * that of `os.setPriority`.
 */
export async function runMocha(
  title,
  args,
  { after, brief = false, node = process.execPath, env: further = {}, priority } = {},
) {
  const start = performance.now();
  const env = { ...process.env, DIST_IS_BUILT: 'yes', ...further };
  const child = spawn(node, ['node_modules/mocha/bin/mocha.js', '--reporter', reporter, ...args], {
    env,
    stdio: after || brief ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined && priority !== undefined) setPriority(child.pid, priority);
  if (!after && !brief) console.log(`\n${title}`);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));

  const { counts, failures, problems } = await watch(child);
  const duration = since(start);
  await after;
  const failed = counts.failed + problems.length;
  if (after || (brief && failed > 0)) console.log(`\n${title}\n${output.trimEnd()}`);
  for (const problem of problems) console.log(`✖ ${title}: ${problem}`);
  console.log(
    `${brief ? '' : '\n'}${failed > 0 ? '✖' : '✔'} ${title}${brief ? `: ${counts.passed} passed, ${failed} failed` : ''} (${duration})`,
  );
  return { ...counts, failed, failures: [...failures, ...problems.map((problem) => `${title}: ${problem}`)] };
}

/** The counts of a mocha process, the tests that failed, and what went wrong beside the tests. */
function watch(child) {
  return new Promise((resolve) => {
    const problems = [];
    let counts;
    const end = (problem) => {
      problems.push(problem);
      child.kill('SIGKILL');
    };
    let timer = setTimeout(end, wholeTimeout, `not through after ${wholeTimeout / 1000} s.`);
    child.on('message', (message) => {
      // tsx sends messages of its own.
      if (message?.type !== 'counts') return;
      counts = message;
      clearTimeout(timer);
      timer = setTimeout(
        end,
        exitTimeout,
        'all tests are through, but something they started keeps the process alive.',
      );
    });
    child.once('error', (error) => problems.push(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const { passed = 0, failed = 0, skipped = 0, failures = [] } = counts ?? {};
      if (!counts && problems.length === 0) problems.push(`died before it had counts (${signal ?? `code ${code}`}).`);
      else if (counts && passed + failed + skipped === 0) problems.push('no test was run.');
      else if (counts && failed === 0 && code !== 0 && problems.length === 0)
        problems.push(`ended with ${signal ?? `code ${code}`}.`);
      resolve({ counts: { passed, failed, skipped }, failures, problems });
    });
  });
}
