import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, matrix } from './matrix.js';

const file = join(__dirname, '../../docs/reliability.md');
const mark = '<!-- From here on written by: npm test -- test/faults/reliability-doc.test.ts --update -->\n';

describe('docs/reliability.md', () => {
  it('holds the faults that the tests play', () => {
    const document = readFileSync(file, 'utf8');
    const head = document.slice(0, document.indexOf(mark) + mark.length);
    const expected = `${head}\n${tables()}`;
    if (process.argv.includes('--update')) writeFileSync(file, expected);
    else assert.equal(document, expected, 'run: npm test -- test/faults/reliability-doc.test.ts --update');
  });
});

function tables(): string {
  return Object.entries(matrix)
    .map(
      ([part, faults]) =>
        [
          `### ${part}`,
          '',
          row('What goes wrong', 'Code', 'Charged', 'Tries', 'Requests seen', 'Downloads seen'),
          row(...Array<string>(6).fill('---')),
          ...faults.map(formatFault),
        ].join('\n') + '\n',
    )
    .join('\n');
}

function formatFault({ fault, code, charged, tries, requests, downloads }: Fault): string {
  return row(fault, code === 'made' ? '(an image)' : `\`${code}\``, charged, tries, requests, downloads ?? '');
}

function row(...cells: (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
