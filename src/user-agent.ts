import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the package, from src/ as well as from dist/src/. */
const root = __dirname.replace(/([\\/]dist)?[\\/]src$/, '');

/** The version of this package. */
export const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** The User-Agent of every request: some gateways refuse requests without one. */
export const userAgent = `node-red-nanogpt/${version}`;
