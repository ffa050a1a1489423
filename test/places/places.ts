import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode } from '../helpers/node-red.js';
import { root } from '../helpers/packed.js';

const folder = join(root, 'examples/With other packages');
const tools = join(root, 'tools/places');

/** The node_modules folder that holds the packages of these examples; installs them where they are not there (half a minute). */
export async function placesModules(): Promise<string> {
  const { install, isInstalled } = await import('../../scripts/install.mjs');
  if (!isInstalled(tools)) await install('Installing the packages that the examples send images to', tools);
  return join(tools, 'node_modules');
}

/** The nodes of the example whose file name begins with `name`. */
export function readPlacesExample(name: string): FlowNode[] {
  const file = readdirSync(folder).find((candidate) => candidate.startsWith(`${name} - `));
  if (file === undefined) throw new Error(`There is no example ${name}.`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[];
}
