import { unlink } from 'node:fs/promises';
import type { HistoryFolder } from './history-folder.js';

/** A file that is being written, or about to be created. */
export interface OpenFile {
  path: string;
}

/** The open files of all stores: a change of the settings opens another store on the same folder. */
export const openFiles = new Set<OpenFile>();

/** A file that a store may have written. */
const ownName = /-\d{8}-\d{6}(-\d+)*\.\w+$/;

/**
 * Deletes what a crash has left: files that are cut short, and files that are not in their day's index. Nothing is
 * deleted where the index is missing or cannot be read just now.
 */
export async function tidyFolder(folder: HistoryFolder): Promise<void> {
  for (const day of await folder.days()) {
    const names = (await folder.imageNames(day)).filter((name) => ownName.test(name));
    const beingWritten = new Set([...openFiles].map(({ path }) => path));
    // Read last, so that it holds every file that is no longer open.
    const index = await folder.findIndex(day);
    if (!index) continue;
    for (const name of names) {
      if (beingWritten.has(folder.path(day, name))) continue;
      const item = index.hasFile(name) ? index.get(`${day}/${name}`) : undefined;
      if (!item || !(await folder.isWhole(item))) await unlink(folder.path(day, name));
    }
  }
}
