import { setTimeout as wait } from 'node:timers/promises';

/** Polls until a condition holds that nothing announces, such as the content of a file. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(10);
}
