/**
 * What Node-RED requires at its start, in a process of its own: prints
 * how long that takes and how much memory stays, as JSON.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { resident } from './resident.mjs';

const require = createRequire(import.meta.url);
const root = new URL('../', import.meta.url);
const { nodes } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))['node-red'];

globalThis.gc();
const [before, start] = [resident('VmRSS'), performance.now()];
for (const file of Object.values(nodes)) require(new URL(file, root).pathname);
console.log(JSON.stringify({ wall: performance.now() - start, growth: resident('VmRSS') - before }));
