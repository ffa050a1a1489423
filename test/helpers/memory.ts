import { readFileSync, writeFileSync } from 'node:fs';

/** Forgets the peak of this process's memory. Linux does when asked to (proc(5)); elsewhere that of the whole process counts. */
export function forgetPeak(): void {
  global.gc?.();
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

/** Most memory of this process since then, in bytes. */
export function readPeak(): number {
  const line = process.platform === 'linux' ? /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) : null;
  return 1024 * Number(line?.[1] ?? process.resourceUsage().maxRSS);
}
