import { fstat, write } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What another process has done to a log while it was open. */
export type LogInterference = 'written' | 'deleted';

interface OpenLog {
  handle: FileHandle;
  /** Its size after our last write. */
  size: number;
}

/**
 * A text file that lines are appended to. Lines that come in the same turn of the event loop, or during a write, are
 * written together. The file is opened by the first line, also after it was closed.
 */
export class AppendLog {
  readonly #path: string;
  readonly #onInterference: (what: LogInterference) => void;
  #log: OpenLog | undefined;
  #lines = '';
  #next: Promise<void> | undefined;
  /** What is done with the file, one after the other; never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /** Makes the directory where it is missing. A file that was deleted is made again. */
  constructor(path: string, onInterference: (what: LogInterference) => void = () => undefined) {
    this.#path = path;
    this.#onInterference = onInterference;
  }

  /** Resolves when the line, with its line break, has been handed to the system: it then outlives the process. */
  append(line: string): Promise<void> {
    this.#lines += line;
    return (this.#next ??= this.#enqueue(async () => {
      await endOfTurn();
      const lines = Buffer.from(this.#lines);
      this.#lines = '';
      this.#next = undefined;
      const log = await this.#checked();
      try {
        await writeAll(log.handle.fd, lines);
      } catch (error) {
        // Part of them may be there: the next line opens the file again, after a line break.
        await this.#closeFile();
        throw error;
      }
      log.size += lines.length;
    }));
  }

  /** Writes what was appended before, then closes the file. */
  close(): Promise<void> {
    return this.#enqueue(() => this.#closeFile());
  }

  async #closeFile(): Promise<void> {
    const log = this.#log;
    this.#log = undefined;
    await log?.handle.close();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#last.then(step);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** The open file, made again where it was deleted. */
  async #checked(): Promise<OpenLog> {
    const log = (this.#log ??= await openAtLine(this.#path));
    const { nlink, size } = await stat(log.handle.fd);
    if (nlink > 0 && size === log.size) return log;
    this.#onInterference(nlink > 0 ? 'written' : 'deleted');
    log.size = size;
    if (nlink > 0) return log;
    await this.#closeFile();
    return (this.#log = await openAtLine(this.#path));
  }
}

/** Opens a file for appending after a line break, so that a line torn by a crash does not spoil the next one. */
async function openAtLine(path: string): Promise<OpenLog> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+', 0o600);
  try {
    return { handle, size: await endLine(handle) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Adds a line break where the last one is missing; resolves with the size. */
async function endLine(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const last = size > 0 ? (await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })).buffer.toString() : '\n';
  if (last === '\n') return size;
  await handle.appendFile('\n');
  return size + 1;
}

/** As `handle.stat`, in half the time; the same holds for `write`. */
function stat(descriptor: number): Promise<{ nlink: number; size: number }> {
  return new Promise((resolve, reject) => {
    fstat(descriptor, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
}

function writeAll(descriptor: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, (error, written) => {
      if (error) reject(error);
      else resolve(written < bytes.length ? writeAll(descriptor, bytes.subarray(written)) : undefined);
    });
  });
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
