import { write } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A text file that lines are appended to, opened with the first; those of one turn, and those that come while a write is under way, go out in one write. */
export class AppendLog {
  readonly #handle: Promise<FileHandle>;
  #lines = '';
  #next: Promise<void> | undefined;
  #last: Promise<unknown>;

  /** Makes the directory where it is missing. */
  constructor(path: string) {
    this.#handle = openAtLine(path);
    this.#last = this.#handle.catch(() => undefined);
  }

  /** Resolves when the line, with its line break, has been handed to the system: it then outlives the process. */
  append(line: string): Promise<void> {
    this.#lines += line;
    return (this.#next ??= this.#write());
  }

  /** Everything appended before is written first. Never fails where the file could not be opened: who appended knows. */
  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#last;
    const handle = await this.#handle.catch(() => undefined);
    await handle?.close();
  }

  #write(): Promise<void> {
    const written = this.#last.then(endOfTurn).then(async () => {
      const lines = Buffer.from(this.#lines);
      this.#lines = '';
      this.#next = undefined;
      await writeAll((await this.#handle).fd, lines);
    });
    this.#last = written.catch(() => undefined);
    return written;
  }
}

/** Opens a file for appending, behind a line break: what a crash has torn must not spoil the next line, too. */
async function openAtLine(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+', 0o600);
  const { size } = await handle.stat();
  const last = size > 0 ? (await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })).buffer.toString() : '\n';
  if (last !== '\n') await handle.appendFile('\n');
  return handle;
}

/** `write` with a callback takes half the time of the handle's own. */
function writeAll(descriptor: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, (error, written) => {
      if (error) reject(error);
      else if (written < bytes.length) writeAll(descriptor, bytes.subarray(written)).then(resolve, reject);
      else resolve();
    });
  });
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
