import { unlink } from 'node:fs/promises';
import type { HistoryFolder } from './history-folder.js';

/** A file that a store may have written. */
const ownName = /-\d{8}-\d{6}(-\d+)*\.\w+$/;

/**
 * Deletes what a crash has left: files that are cut short, and files that are not in their day's index. Nothing is
 * deleted where the index is missing or cannot be read just now.
 */
export async function tidyFolder(folder: HistoryFolder): Promise<void> {
  for (const day of await folder.days()) {
    if ((await findLeftOver(folder, day)).length === 0) continue;
    // They may be files that are just being written, so that only what is found between the changes counts.
    await folder.change(async () => {
      for (const name of await findLeftOver(folder, day)) await unlink(folder.path(day, name));
    });
  }
}

async function findLeftOver(folder: HistoryFolder, day: string): Promise<string[]> {
  const names = (await folder.imageNames(day)).filter((name) => ownName.test(name));
  const index = await folder.findIndex(day);
  const found: string[] = [];
  for (const name of index ? names : []) {
    const item = index?.hasFile(name) ? index.get(`${day}/${name}`) : undefined;
    if (!item || !(await folder.isWhole(item))) found.push(name);
  }
  return found;
}
