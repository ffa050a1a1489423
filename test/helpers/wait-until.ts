import { setTimeout as wait } from 'node:timers/promises';

/** Resolves once something is so that announces itself to nobody, such as what a file holds. */
export async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(10);
}
