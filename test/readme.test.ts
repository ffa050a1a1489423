import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { usuallyCharged } from '../src/errors.js';
import { simulatedErrors } from '../sandbox/simulated-errors.js';
import { exampleNames } from './helpers/example.js';
import { root } from './helpers/packed.js';

/** Where the images are for readers outside the repository. */
const raw = 'https://raw.githubusercontent.com/flow-easel/node-red-nanogpt/main/';

const readme = read('README.md');

/** The rows of the table with these column heads, each as its cells. */
function findTable(...heads: string[]): string[][] {
  const lines = readme.split('\n').map(splitRow);
  const start = lines.findIndex((cells) => cells?.join('|') === heads.join('|')) + 2;
  const end = lines.findIndex((cells, index) => index >= start && !cells);
  return lines.slice(start, end) as string[][];
}

/** The cells of a line of a table, however wide its columns are; undefined for other lines. */
function splitRow(line: string): string[] | undefined {
  return /^\| (.*) \|$/
    .exec(line)?.[1]
    ?.split(' | ')
    .map((cell) => cell.trim());
}

/** What the second cell of a row says. */
function findRow(first: string): string {
  return (
    readme
      .split('\n')
      .map(splitRow)
      .find((cells) => cells?.[0] === first)?.[1] ?? ''
  );
}

/** The text of one exported type. */
function readType(name: string): string {
  const declared = readFileSync(join(root, 'types/index.d.ts'), 'utf8').split(/^export /m);
  return declared.find((text) => text.split(/\W/)[1] === name) ?? '';
}

function readMembers(name: string): string[] {
  return [...readType(name).matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member!);
}

describe('the README', () => {
  it('tells both commands on its first screen', () => {
    const first = readme.split('\n').slice(0, 20).join('\n');
    assert.match(first, /^npm start /m);
    assert.match(first, /^npm test /m);
  });

  it('lists every error code with the verdict on the money that the code gives', () => {
    const listed = findTable('code', 'when', 'charged').map(([code, , charged]) => [code, charged?.split(/[ ;]/)[0]]);
    assert.deepEqual(
      listed,
      Object.entries(usuallyCharged).map(([code, charged]) => [`\`${code}\``, charged]),
    );
  });

  it('lists every error code that the exported types have', () => {
    assert.deepEqual([...readType('ErrorCode').matchAll(/'(\w+)'/g)].map(([, code]) => code), Object.keys(usuallyCharged)); // prettier-ignore
  });

  it('tells of every property of the messages that the exported types have', () => {
    const all = readme.replace(/`msg\.(\w+)`/g, '`$1`');
    const missing = (type: string, text = ''): string[] =>
      readMembers(type).filter((name) => !text.includes(`\`${name}\``));
    assert.deepEqual(missing('ImageMessage', all), []);
    assert.deepEqual(missing('Failure', all), []);
    assert.deepEqual(missing('ImageInfo', findRow('`msg.imageInfo`')), []);
    assert.deepEqual(missing('Generation', findRow('`msg.generation`')), []);
  });

  it('lists every error that the built-in service can be made to give', () => {
    assert.deepEqual(
      findTable('cause', 'effect'),
      simulatedErrors.map(({ cause, effect }) => [cause, effect]),
    );
  });

  const allExamples = [...exampleNames, ...readdirSync(join(root, 'examples/With other packages')).sort()];

  it('lists every example', () => {
    assert.deepEqual(
      findTable('example', 'shows', 'flow').map(([name]) => `${name}.json`),
      allExamples,
    );
  });

  it('shows a thumbnail of every example', () => {
    const shown = findTable('example', 'shows', 'flow').map(([, , flow]) => /(\w+)\.png"/.exec(flow ?? '')?.[1]);
    assert.deepEqual(shown, allExamples.map((name) => name.toLowerCase().split(' ')[0])); // prettier-ignore
  });

  it('shows and links only what is there, images by addresses that hold in the Flow Library too', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link!);
    const images = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)|src="([^"]+)"/g)].map(([, one, other]) => one ?? other!);
    const [absolute, others] = [images.filter((image) => image.startsWith(raw)), images.filter((image) => !image.startsWith(raw))]; // prettier-ignore
    assert.ok(absolute.length > 3);
    assert.deepEqual(others, []);
    const files = [...links, ...absolute.map((image) => image.slice(raw.length))];
    assert.deepEqual(files.filter((file) => !existsSync(join(root, file))), []); // prettier-ignore
  });
});

describe('the pages', () => {
  const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...listDocs()];

  for (const page of pages)
    it(`${page} links only to files and headings that are there`, () => {
      const links = [...read(page).matchAll(/\]\(([^):]+)\)/g)].map(([, link]) => link!);
      assert.deepEqual(links.filter((link) => !leadsSomewhere(page, link)), []); // prettier-ignore
    });

  it('are all linked in the README', () => {
    assert.deepEqual(listDocs().filter((page) => !readme.includes(`](${page})`)), []); // prettier-ignore
  });
});

function listDocs(): string[] {
  return readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`); // prettier-ignore
}

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** Whether a relative link on a page has a file and, behind `#`, a heading there. */
function leadsSomewhere(page: string, link: string): boolean {
  const [path, heading] = link.split('#');
  const target = path ? join(dirname(page), path) : page;
  return existsSync(join(root, target)) && (heading === undefined || readAnchors(target).includes(heading));
}

/** The anchors that GitHub gives to the headings of a page. */
function readAnchors(page: string): string[] {
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, text]) => text!.toLowerCase());
  return headings.map((text) => text.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}
