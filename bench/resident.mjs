import { readFileSync, writeFileSync } from 'node:fs';

/** A line of the kernel's account of this process, in bytes: `VmRSS`, resident now, or `VmHWM`, resident at most. */
export function resident(name) {
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}

/** Resets `VmHWM` (proc(5): clear_refs). */
export function forgetPeak() {
  writeFileSync('/proc/self/clear_refs', '5');
}
