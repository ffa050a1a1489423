/** Reads return zeros beyond the end, so that a truncated file is read like any other. */

/** An unsigned number of one to six bytes, most significant byte first. */
export function readBigEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = at; index < at + length; index += 1) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

/** An unsigned number of one to six bytes, least significant byte first. */
export function readLittleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = at + length - 1; index >= at; index -= 1) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

/** Bytes as Latin-1 text; shorter where the file ends. */
export function readText(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', at, at + length);
}

/** Whether a Latin-1 text is at this position. */
export function hasText(bytes: Uint8Array, at: number, expected: string): boolean {
  for (let index = 0; index < expected.length; index += 1) {
    if (bytes[at + index] !== expected.charCodeAt(index)) return false;
  }
  return true;
}

/** Whether a Latin-1 text is anywhere in the last `length` bytes. */
export function endsAround(bytes: Uint8Array, expected: string, length: number): boolean {
  const start = Math.max(0, bytes.length - length);
  return readText(bytes, start, length).includes(expected);
}
