/**
 * `node bench/merge.mjs RUN.json ...`: writes what several runs of `npm run bench -- --json` measured into
 * docs/performance.md, as ranges from the least to the most, and prints the bars.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { barTable, conditions, details } from './report.mjs';

const page = new URL('../docs/performance.md', import.meta.url);
const runs = process.argv.slice(2).map((file) => {
  const text = readFileSync(file, 'utf8');
  // npm prints lines of its own before the JSON.
  return JSON.parse(text.slice(text.indexOf('\n{') + 1));
});
if (runs.length === 0) throw new Error('Name the files to merge.');

const parts = { bars: `${conditions(runs)}\n\n${barTable(runs)}`, details: details(runs) };
let text = readFileSync(page, 'utf8');
for (const [name, part] of Object.entries(parts)) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks ${begin} or ${end}.`);
  text = `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
}
writeFileSync(page, await format(text, { ...(await resolveConfig(page)), parser: 'markdown' }));
console.log(parts.bars);
