import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './table.js';

const file = join(__dirname, '../../docs/reliability.md');
const update = 'npm test -- test/redeploy/reliability-doc.test.ts --update';
const [begin, end] = [`<!-- redeploys: written by ${update} -->\n`, '<!-- /redeploys -->\n'];

describe('docs/reliability.md', () => {
  it('holds the redeploys that the tests play', () => {
    const document = readFileSync(file, 'utf8');
    const [head = '', rest = ''] = document.split(begin);
    const expected = [head, begin, rows(), end, rest.slice(rest.indexOf(end) + end.length)].join('');
    if (process.argv.includes('--update')) writeFileSync(file, expected);
    else assert.equal(document, expected, `run: ${update}`);
  });
});

function rows(): string {
  const head = [['What happens', 'The service saw', 'What came out', 'The log said'], Array<string>(4).fill('---')];
  const cells = [...head, ...table.map(({ redeploy, saw, out, log }) => [redeploy, saw, out, log])];
  return ['', ...cells.map((row) => `| ${row.join(' | ')} |`), '', ''].join('\n');
}
