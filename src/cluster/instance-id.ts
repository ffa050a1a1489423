import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** The id of this process. */
export const processId = randomUUID();

/**
 * The id of an account in this installation, the same after each start. The machine is part of it, since cards of
 * Raspberry Pis are cloned with the file; so is the account, since two here may share one name in the cluster. Where
 * there is no directory to keep it in, another one with each start.
 */
export async function readInstanceId(place: { directory: string; account: string } | undefined): Promise<string> {
  const saved = place === undefined ? randomUUID() : await readSaved(place.directory).catch(() => randomUUID());
  return createHash('sha256')
    .update([saved, place?.account ?? '', ...addresses()].join(' '))
    .digest('hex')
    .slice(0, 32);
}

async function readSaved(directory: string): Promise<string> {
  const file = join(directory, 'instance-id');
  await mkdir(directory, { recursive: true });
  // Fails where there is one; two that begin at once read the same.
  await writeFile(file, randomUUID(), { flag: 'wx', mode: 0o600 }).catch(() => undefined);
  const saved = await readFile(file, 'utf8');
  if (saved.length !== 36) throw new Error('The file of the instance id is damaged.');
  return saved;
}

/** Of the network cards that are there always; those of containers and bridges come and go. */
function addresses(): string[] {
  const all = Object.entries(networkInterfaces()).filter(([name]) => /^(eth|en|wl)/.test(name));
  return [...new Set(all.flatMap(([, each = []]) => each.map(({ mac }) => mac)))].sort();
}
