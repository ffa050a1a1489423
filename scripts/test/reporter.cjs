const { reporters, Runner } = require('mocha');

/** Mocha's usual output; the counts go to the process that started mocha. */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      process.send?.({ type: 'counts', passed: passes, failed: failures, skipped: pending });
    });
  }
};
