/**
 * `npm test`: types, lint, format, build and all tests, closed by one line `N passed, N failed`.
 * `npm test -- test/api` runs the tests of those files or folders only (any argument of mocha), without the checks.
 */
import { installIfNeeded, root } from './install.mjs';
import { runCheck } from './test/check.mjs';
import { runMocha } from './test/mocha.mjs';
import { total } from './test/total.mjs';

/** What starts a real Node-RED or a browser; runs beside everything else, to use both cores. */
const slow = ['test/package', 'test/redeploy', 'test/editor'];

/** What needs 170 MB of other packages; `npm run test:matrix` installs them. */
const large = ['test/places'];

/** Runs all and gives a result `{ passed, failed, skipped }` for each part. */
async function test(args) {
  await installIfNeeded();
  if (args.length > 0) return [await runCheck('build', ['build.mjs']), await runMocha('tests', args)];
  const checks = [
    ...(await Promise.all([
      runCheck('types', ['node_modules/typescript/bin/tsc', '--project', '.', '--noEmit']),
      runCheck('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']),
      runCheck('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
    ])),
    await runCheck('build', ['build.mjs']),
  ];
  if (total(checks.slice(-1)).failed > 0) return checks;
  const fast = runMocha('tests', [
    '--forbid-only',
    ...[...slow, ...large].flatMap((folder) => ['--ignore', `${folder}/**`]),
    'test',
  ]);
  const others = runMocha('tests with a real Node-RED', ['--forbid-only', ...slow], { after: fast });
  const results = [...checks, await fast, await others];
  console.log(`\nNot run here, but by npm run test:matrix: ${large.join(', ')}`);
  return results;
}

try {
  process.chdir(root);
  const results = await test(process.argv.slice(2));
  const { passed, failed, skipped } = total(results);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(`\nnpm test failed. ${error.message}`);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}
