import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ImageError } from '../errors.js';
import { isObject, parseJson } from '../json.js';

/** The packages that only an account of a cluster needs. */
export interface ClusterPackages {
  bullmq: typeof import('bullmq');
  ioredis: Pick<typeof import('ioredis'), 'Redis'>;
}

/** The major version of both that this code is written for. */
const version = 6;

/** What brings the packages. */
const installCommand = `npm install bullmq@${version} ioredis@${version}`;

let loading: Promise<ClusterPackages> | undefined;

/**
 * Loads BullMQ and ioredis, once in a process; after a failure the next call tries again.
 *
 * @throws ImageError `not_configured` where one is missing or has another version.
 */
export function loadPackages(): Promise<ClusterPackages> {
  return (loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  }));
}

async function load(): Promise<ClusterPackages> {
  await Promise.all([requireVersion('bullmq'), requireVersion('ioredis')]);
  const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
  return { bullmq, ioredis };
}

async function requireVersion(name: string): Promise<void> {
  const found = await readVersion(name);
  if (found?.split('.')[0] === String(version)) return;
  throw new ImageError('not_configured', 'cluster_packages', {
    version,
    found: `${name} ${found ?? '—'}`,
    command: installCommand,
  });
}

/** The version that is installed; undefined where the package is missing. */
async function readVersion(name: string): Promise<string | undefined> {
  try {
    const file = createRequire(__filename).resolve(`${name}/package.json`);
    const content = parseJson(await readFile(file, 'utf8'));
    return isObject(content) && typeof content.version === 'string' ? content.version : undefined;
  } catch {
    return undefined;
  }
}
