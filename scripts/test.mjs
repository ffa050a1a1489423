/**
 * `npm test`: types, lint, format, build and all tests, closed by one line `N passed, N failed`.
 * `npm test -- test/api` runs the tests of those files or folders only (any argument of mocha), without the checks.
 */
import { availableParallelism, constants } from 'node:os';
import { installIfNeeded, root } from './install.mjs';
import { runCheck } from './test/check.mjs';
import { runMocha } from './test/mocha.mjs';
import { runAndReport } from './test/report.mjs';

/**
 * What starts processes (Node-RED, a browser, Redis) and waits for them. Runs several files at once beside all
 * else, which goes first: some tests measure how long the event loop stands still.
 */
const waiting = ['test/package', 'test/redeploy', 'test/editor', 'test/cluster'];
const parallel = ['--parallel', '--jobs', String(Math.min(availableParallelism(), 4))];

/** What needs 170 MB of other packages; `npm run test:matrix` installs them. */
const large = ['test/places'];

/** Runs all and gives a result `{ passed, failed, skipped, failures }` for each part. */
async function test(args) {
  await installIfNeeded();
  if (args.length > 0) return [await runCheck('build', ['build.mjs']), await runMocha('tests', args)];
  const build = await runCheck('build', ['build.mjs']);
  if (build.failed > 0) return [build];
  const checks = Promise.all([
    runCheck('types', ['node_modules/typescript/bin/tsc', '--project', '.', '--noEmit']),
    runCheck('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']),
    runCheck('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  ]);
  const ignored = [...waiting, ...large].flatMap((folder) => ['--ignore', `${folder}/**`]);
  const fast = checks.then(() => runMocha('tests', ['--forbid-only', ...ignored, 'test']));
  const others = runMocha('tests with Node-RED, a browser or Redis', ['--forbid-only', ...parallel, ...waiting], {
    after: fast,
    priority: constants.priority.PRIORITY_BELOW_NORMAL,
  });
  const results = [build, ...(await checks), await fast, await others];
  console.log(`\nNot run here, but by npm run test:matrix: ${large.join(', ')}`);
  return results;
}

process.chdir(root);
await runAndReport('npm test', () => test(process.argv.slice(2)));
