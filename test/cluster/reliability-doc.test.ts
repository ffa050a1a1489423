import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/packed.js';
import { describeKills } from './kill-report.js';

const file = join(root, 'docs/reliability.md');
const update =
  'npm test -- test/cluster/node-red-kill.test.ts test/cluster/reliability-doc.test.ts --kills=60 --update';
const [begin, end] = [`<!-- kills: written by ${update} -->\n`, '<!-- /kills -->\n'];

describe('docs/reliability.md', () => {
  it('holds the kills that the tests play', () => {
    const document = readFileSync(file, 'utf8');
    const [head = '', rest = ''] = document.split(begin);
    const expected = [head, begin, describeKills(), end, rest.slice(rest.indexOf(end) + end.length)].join('');
    if (process.argv.includes('--update')) writeFileSync(file, expected);
    else assert.equal(withoutNumbers(document), withoutNumbers(expected), `run: ${update}`);
  });
});

/** The numbers are those of one run. */
function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, '0');
}
