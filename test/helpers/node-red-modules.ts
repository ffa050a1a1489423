import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The folder of the Node-RED that the tests run: the project's own, unless the environment names another in `NODE_RED_DIR`, as
 * `npm run test:matrix` does.
 */
export const nodeRedDir = process.env.NODE_RED_DIR ?? dirname(require.resolve('node-red/package.json'));

const fromNodeRed = createRequire(join(nodeRedDir, 'package.json'));

/** A module as that Node-RED has it, such as `@node-red/util`. */
export function requireNodeRed(name: string): unknown {
  return fromNodeRed(name);
}

/** The path of such a module. */
export function resolveNodeRed(name: string): string {
  return fromNodeRed.resolve(name);
}

/** What a file of its own nodes exports, as `function/10-switch`. */
export function loadCore(file: string): unknown {
  return requireNodeRed(`@node-red/nodes/core/${file}.js`);
}
