import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FlowNode } from '../helpers/node-red.js';
import { root } from '../helpers/packed.js';

describe('the examples as flows of npm start', () => {
  let folder: string;
  let loadExamples: (folder: string) => Promise<FlowNode[]>;
  before(async () => {
    ({ loadExamples } = (await import(pathToFileURL(join(root, 'scripts/start/user-dir.mjs')).href)) as {
      loadExamples: typeof loadExamples;
    });
    folder = mkdtempSync(join(tmpdir(), 'nanogpt-examples-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const example = (name: string, ...nodes: FlowNode[]): void =>
    writeFileSync(join(folder, name), JSON.stringify(nodes));

  it('share one account, and each has a tab', async () => {
    example(
      '01 - One.json',
      { id: 't', type: 'tab' },
      { id: 'a', type: 'nanogpt-image', z: 't', account: 'x' },
      { id: 'x', type: 'nanogpt-config', service: 'sandbox' },
    );
    example(
      '02 - Two.json',
      { id: 'b', type: 'nanogpt-image', x: 1, account: 'y' },
      { id: 'y', type: 'nanogpt-config', service: 'sandbox' },
    );
    const flows = await loadExamples(folder);
    assert.deepEqual(
      flows.map((node) => [node.type, node.z, node.account]),
      [
        ['tab', undefined, undefined],
        ['nanogpt-image', 't', 'x'],
        ['tab', undefined, undefined],
        ['nanogpt-image', 'tab 02 - Two', 'x'],
        ['nanogpt-config', undefined, undefined],
      ],
    );
  });

  it('have ids of their own', async () => {
    const ids = (await loadExamples(join(root, 'examples'))).map((node) => node.id);
    assert.deepEqual(ids, [...new Set(ids)]);
  });
});
