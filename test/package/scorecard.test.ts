import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn } from '../helpers/catalogues.js';
import { packed, root } from '../helpers/packed.js';

interface Manifest {
  name: string;
  license: string;
  repository: object;
  keywords: string[];
  engines: { node: string };
  dependencies: Record<string, string>;
  'node-red': { version: string; nodes: Record<string, string> };
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const types = Object.keys(manifest['node-red'].nodes);

/** Whether a range of the form `>=a.b` takes in a version. */
function includes(range: string, version: string): boolean {
  const lowest = /^>=(\d+(?:\.\d+)*)$/.exec(range)?.[1];
  return lowest !== undefined && lowest.localeCompare(version, 'en', { numeric: true }) <= 0;
}

describe("the Flow Library's scorecard", function () {
  before(() => packed());

  it('finds licence, repository, scope and keyword', () => {
    assert.equal(manifest.license, 'MIT');
    assert.ok(manifest.repository);
    assert.match(manifest.name, /^@[a-z-]+\//);
    assert.ok(manifest.keywords.includes('node-red'));
  });

  it('finds that the newest Node-RED and the Node.js it needs are supported', () => {
    assert.ok(includes(manifest['node-red'].version, '5.0.7'), manifest['node-red'].version);
    assert.ok(includes(manifest.engines.node, '22.9.0'), manifest.engines.node);
  });

  it('finds at most six dependencies', () => {
    assert.ok(Object.keys(manifest.dependencies).length <= 6);
  });

  for (const type of types) {
    it(`sees ${type} registered in its html`, () => {
      const html = readFileSync(join(root, 'dist/nodes', type, `${type}.html`), 'utf8');
      const script = /<script type="text\/javascript">([^]*?)<\/script>/.exec(html)?.[1] ?? '';
      assert.match(script, new RegExp(`\\bRED\\.nodes\\.registerType\\(["']${type}["'],\\s*\\{`));
    });
  }

  it('finds every node type that is no config node in an example', () => {
    const examples = filesIn(join(root, 'examples')).map(
      (file) => JSON.parse(readFileSync(file, 'utf8')) as { type: string }[],
    );
    const shown = new Set(examples.flat().map((node) => node.type));
    assert.deepEqual(
      types.filter((type) => !['nanogpt-cluster', 'nanogpt-config'].includes(type) && !shown.has(type)),
      [],
    );
  });
});
