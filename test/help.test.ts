import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './helpers/packed.js';

const languages = ['de', 'fr', 'ja', 'zh-CN'];

function readHelp(node: string, language: string): string {
  return readFileSync(join(root, 'nodes', node, 'locales', language, `${node}.html`), 'utf8');
}

/** What a help text says in every language alike: its shape line by line, and the code and the links in it. */
function outline(help: string): string[] {
  return help.split('\n').map((line) => {
    const [shape] = /^(#+|-|: \S+ \([^)]*\)|\*\*|<[^>]*>|)/.exec(line)!;
    const literals = [...line.matchAll(/`[^`]+`|\]\([^)]+\)/g)].map(([literal]) => literal);
    return [shape, ...literals.sort()].join(' ');
  });
}

describe('the help', () => {
  for (const node of ['nanogpt-cluster', 'nanogpt-config', 'nanogpt-image', 'nanogpt-info'])
    for (const language of languages)
      it(`of ${node} says in ${language} what it says in English`, () => {
        assert.deepEqual(outline(readHelp(node, language)), outline(readHelp(node, 'en-US')));
        assert.notEqual(readHelp(node, language), readHelp(node, 'en-US'));
      });
});
