import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exampleNames, readExample } from '../helpers/example.js';
import type { FlowNode } from '../helpers/node-red.js';
import { resolveNodeRed } from '../helpers/node-red-modules.js';

/** The types that Node-RED itself brings, as the html of its nodes registers them. */
const core = new Set([...coreTypes(), 'tab']);
const ours = ['nanogpt-config', 'nanogpt-image', 'nanogpt-info'];
const examples = new Map(exampleNames.map((name) => [name, readExample(name.slice(0, 2))]));

const isShared = ({ type }: FlowNode): boolean => type === 'nanogpt-config' || type === 'mqtt-broker';
const isOnTab = (node: FlowNode): boolean => 'x' in node;

describe('the examples', () => {
  it('are numbered in the order of their names', () => {
    assert.deepEqual(
      exampleNames.map((name) => /^(\d\d) - [A-Z][\w ,-]+\.json$/.exec(name)?.[1]),
      exampleNames.map((_, index) => String(index + 1).padStart(2, '0')),
    );
  });

  it('have ids that differ over all files', () => {
    const ids = [...examples.values()].flatMap((nodes) => nodes.filter((node) => !isShared(node)).map(({ id }) => id));
    assert.deepEqual(ids, [...new Set(ids)]);
  });

  it('share their accounts and their broker: a second import finds those of the first', () => {
    const shared = [...examples.values()].flat().filter(isShared);
    const first = new Map(shared.toReversed().map((node) => [node.id, node]));
    assert.deepEqual([...first.keys()].sort(), ['mqtt-broker-example', 'sandbox-account', 'sandbox-disk-account', 'sandbox-lan-account']);
    for (const node of shared) assert.deepEqual(node, first.get(node.id));
  });

  for (const [name, nodes] of examples) {
    describe(name, () => {
      it('is a tab of that name that begins with a comment', () => {
        const [tab, comment] = nodes;
        assert.equal(tab?.type, 'tab');
        assert.equal(`${String(tab?.label)}.json`, name);
        assert.equal(comment?.type, 'comment');
        assert.ok(String(comment?.info).length > 100);
        assert.match(String(comment?.info), /built-in service.*(nothing|play money)|(nothing|play money).*built-in service/is);
        assert.ok(nodes.filter(isOnTab).every((node) => node.z === tab?.id));
      });

      it('needs no other nodes than those of Node-RED and ours', () => {
        const types = new Set(nodes.map(({ type }) => type));
        assert.deepEqual([...types].filter((type) => !core.has(type) && !ours.includes(type)), []); // prettier-ignore
      });

      it('runs on the built-in service', () => {
        const accounts = nodes.filter(({ type }) => type === 'nanogpt-config');
        assert.equal(accounts.length, 1);
        assert.equal(accounts[0]?.service, 'sandbox');
        assert.match(String(accounts[0]?.name), /^Built-in service/);
        const users = nodes.filter(({ type }) => type === 'nanogpt-image' || type === 'nanogpt-info');
        assert.ok(users.length > 0);
        assert.ok(users.every(({ account }) => account === accounts[0]?.id));
      });

      it('holds no credentials and no path of a machine', () => {
        const found = /"(credentials|apiKey|password)"|sk-nano|"(\/(home|root|tmp|Users)|[A-Z]:\\)/.exec(JSON.stringify(nodes));
        assert.equal(found?.[0], undefined);
      });

      it('leads every wire to a node of its own', () => {
        const ids = new Set(nodes.map(({ id }) => id));
        const ends = nodes.flatMap((node) => [...((node.wires as string[][] | undefined)?.flat() ?? []), ...((node.scope as string[] | undefined) ?? [])]);
        assert.deepEqual(ends.filter((id) => !ids.has(id)), []); // prettier-ignore
      });
    });
  }
});

function coreTypes(): string[] {
  const folder = join(dirname(resolveNodeRed('@node-red/nodes/package.json')), 'core');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /^\w+[\\/][^\\/]+\.html$/.test(file));
  return pages.flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/registerType\(\s*['"]([^'"]+)/g)].map(([, type]) => type!));
}
