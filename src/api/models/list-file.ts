import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject, parseJson } from '../../json.js';

/** A list of models as the service gave it, and when (milliseconds since the epoch). */
export interface List {
  asOf: number;
  source: string;
  entries: unknown[];
}

/** The list in a file; undefined where there is none from that source. */
export async function readListFile(file: string, source: string): Promise<List | undefined> {
  return readList(parseJson(await readFile(file, 'utf8').catch(() => '')), source);
}

/** Never fails: a lost file only costs another request. */
export async function writeListFile(file: string, list: List): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(list));
    await rename(`${file}.new`, file);
  } catch {
    // The next fetch tries again.
  }
}

/** A list that was saved, if it comes from that source. */
export function readList(saved: unknown, source: string): List | undefined {
  if (!isObject(saved) || saved.source !== source) return undefined;
  const { asOf, entries } = saved;
  return typeof asOf === 'number' && Array.isArray(entries) ? { asOf, source, entries } : undefined;
}
