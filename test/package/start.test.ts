import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { packed, root } from '../helpers/packed.js';

/** Runs in a process of its own: does what Node-RED does with a package's files at its start, and prints what was loaded for it. */
const loader = `
const registered = [];
const anything = () => new Proxy(() => undefined, { get: (target, name) => name === 'registerType' ? (type) => registered.push(type) : anything() });
const { plugins, nodes } = require('./package.json')['node-red'];
for (const file of [plugins, nodes].flatMap(Object.values)) require('./' + file).default(anything());
console.log(JSON.stringify({ registered, loaded: Object.keys(require.cache) }));
`;

describe('what Node-RED requires at its start', function () {
  let registered: string[];
  let loaded: string[];
  before(async () => {
    await packed();
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', loader], { cwd: root });
    const answer = JSON.parse(stdout) as { registered: string[]; loaded: string[] };
    registered = answer.registered;
    loaded = answer.loaded
      .map((file) => relative(root, file).split(sep).join('/'))
      .filter((file) => file !== 'package.json');
  });

  it('registers the four types', () => {
    assert.deepEqual(registered.sort(), ['nanogpt-cluster', 'nanogpt-config', 'nanogpt-image', 'nanogpt-info']);
  });

  it('is no dependency', () => {
    assert.deepEqual(
      loaded.filter((file) => !file.startsWith('dist/')),
      [],
    );
  });

  it('is at most ten files', () => {
    assert.ok(loaded.length <= 10, loaded.join('\n'));
  });
});
