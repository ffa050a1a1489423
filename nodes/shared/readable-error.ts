import type { NodeAPI } from 'node-red';
import { defined } from '../../src/defined.js';
import type { ImageError } from '../../src/errors.js';
import { localize } from './localize.js';

/**
 * The error as Node-RED shows it best where no Catch node takes it: of an Error the debug sidebar
 * shows 30 characters, of a String object 80, and all of it with a click. What it cost stands first
 * there and in the log, which read it as a primitive; Catch, which calls `toString()`, gives the
 * message alone, and code, cause and stack (tried on 4.1 and 5.0).
 */
export function toReadable(RED: NodeAPI, { message, code, cause, stack, charged }: ImageError): Error {
  const readable = Object.assign(Object(message) as object, { code, stack, ...defined({ cause }) });
  const text = `${localize(RED, `verdict.${charged}`)} ${message}`;
  Object.defineProperty(readable, Symbol.toPrimitive, { value: () => text });
  return readable as unknown as Error;
}
