const { relative } = require('node:path');
const { reporters, Runner } = require('mocha');

/** Mocha's usual output; the counts, and a text for each test that failed, go to the process that started mocha. */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => failures.push(describe(test, error)));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures: failed, pending } = this.stats;
      process.send?.({ type: 'counts', passed: passes, failed, skipped: pending, failures });
    });
  }
};

/** The file of a test, its title, and the first lines of its error. */
function describe(test, error) {
  const text = String(error?.stack ?? error);
  const file = test.file ? `${relative(process.cwd(), test.file)}: ` : '';
  return `${file}${test.titlePath().join(' › ')}\n${text.split('\n').slice(0, 12).join('\n').slice(0, 2000)}`;
}
