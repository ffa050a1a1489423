import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireNodeRed } from './node-red-modules.js';

/** Context stores of a running flow. */
export interface ContextStores {
  /** Closes them and removes their files. */
  remove(): Promise<void>;
}

interface ContextModule {
  init(settings: object): void;
  load(): Promise<void>;
  close(): Promise<void>;
}

/** Gives a running flow a context store in memory, and the store `disk`, which can only be read with a callback. */
export async function contextStores(): Promise<ContextStores> {
  const context = requireNodeRed('@node-red/runtime/lib/nodes/context/index.js') as ContextModule;
  const dir = await mkdtemp(join(tmpdir(), 'nanogpt-context-'));
  context.init({
    contextStorage: {
      default: 'memory',
      memory: { module: 'memory' },
      disk: { module: 'localfilesystem', config: { dir, cache: false } },
    },
  });
  await context.load();
  return {
    async remove() {
      await context.close();
      context.init({});
      await context.load();
      await rm(dir, { recursive: true });
    },
  };
}
