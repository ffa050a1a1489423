import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, temporaryFolder } from './packed.js';
import { waitUntil } from './wait-until.js';

/** A `nanogpt-worker` in a process of its own. */
export interface WorkerCommand {
  child: ChildProcess;
  /** What it has written so far, to both streams. */
  output(): string;
  /** Resolves once it has written this, or has ended. */
  until(text: string): Promise<void>;
}

/** Starts `nanogpt-worker` with an empty directory of its own. */
export function startWorkerCommand(args: string[], env: Record<string, string>): WorkerCommand {
  const command = [join(root, 'src/cluster/worker-command.ts'), ...args, '--directory', temporaryFolder()];
  const child = spawn(process.execPath, ['--import', 'tsx', ...command], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    child,
    output: () => output,
    until: (text) => waitUntil(() => output.includes(text) || child.exitCode !== null),
  };
}
