import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listAttacks, responseAttacks } from './attacks.js';
import { otherAttacks } from './elsewhere.js';
import { measured } from './measured.js';

const root = join(__dirname, '../..');
const file = join(root, 'docs/reliability.md');
const update = 'npm test -- test/attacks --update';
const [begin, end] = [`<!-- attacks: written by ${update} -->\n`, '<!-- /attacks -->\n'];

describe('docs/reliability.md', () => {
  it('holds the attacks that the tests play', () => {
    const document = readFileSync(file, 'utf8');
    const [head = '', rest = ''] = document.split(begin);
    const expected = [head, begin, tables(), end, rest.slice(rest.indexOf(end) + end.length)].join('');
    if (process.argv.includes('--update')) writeFileSync(file, expected);
    else assert.equal(withoutNumbers(document), withoutNumbers(expected), `run: ${update}`);
  });

  for (const { tried, file: name, title } of otherAttacks) {
    it(`names a test that is there: ${tried}`, () => {
      assert.ok(readFileSync(join(root, name), 'utf8').includes(title), `${name}: ${title}`);
    });
  }
});

/** What is measured differs from run to run, and is not measured at all where these tests run without the attacks. */
function withoutNumbers(text: string): string {
  return text.replace(/\| *(?:under )?\d* (ms|MB) */g, '| $1 ');
}

function tables(): string {
  const played = [...responseAttacks, ...listAttacks].map(({ tried, follows, report }) => {
    const { stall = 0, memory = 0 } = measured.get(tried) ?? {};
    return [tried, outcome(follows, report), `${Math.ceil(stall)} ms`, `${Math.ceil(memory / 1e6)} MB`];
  });
  const parts = [
    [
      'What a service answers',
      table(['What was tried', 'What follows', 'Longest stall', 'Memory of the process'], played),
    ],
    ['On the budget', table(['What was tried', 'What follows'], budgetAttacks())],
    [
      'Elsewhere',
      table(
        ['What was tried', 'What follows', 'Test'],
        otherAttacks.map(({ tried, follows, file: name }) => [tried, follows, `\`${name}\``]),
      ),
    ],
  ];
  return parts.map(([title, rows]) => `\n### ${title}\n\n${rows}`).join('') + '\n';
}

function outcome(follows: string, { code, charged }: { code?: string; charged?: string }): string {
  return code === 'made' ? follows : `\`${code}\`, charged: ${charged}: ${follows}`;
}

/** The titles of these tests say what was tried, and behind a colon what follows. */
function budgetAttacks(): string[][] {
  const source = readFileSync(join(__dirname, 'budget.test.ts'), 'utf8');
  return [...source.matchAll(/\bit\('([^']+?): ([^']+)'/g)].map(([, tried = '', follows = '']) => [tried, follows]);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
