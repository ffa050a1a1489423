/**
 * Runs `test`, which gives results `{ passed, failed, skipped, failures }`, and prints what failed in them, closed by a
 * line of their sums. `command` is what the user called. The process ends with code 1 where something failed.
 */
export async function runAndReport(command, test) {
  const failed = await test().then(report, (error) => {
    console.error(`\n${command} failed. ${error.message}`);
    return report([{ passed: 0, failed: 1, skipped: 0, failures: [] }]);
  });
  process.exitCode = failed > 0 ? 1 : 0;
}

function report(results) {
  const sum = (key) => results.reduce((all, result) => all + result[key], 0);
  const failures = results.flatMap((result) => result.failures);
  if (failures.length > 0) console.log(`\nFailures:\n\n${failures.join('\n\n')}`);
  const skipped = sum('skipped');
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return sum('failed');
}
