import { createHash } from 'node:crypto';

/** Longer names are refused by file systems once something is added to them. */
const longest = 120;

/** The name of the directory for an id: the id itself where that is safe, else one that no other id has. */
export function toDirectoryName(id: string): string {
  const name = id.replace(/[^\w.-]|^\./gu, encode);
  return name.length <= longest ? name : createHash('sha256').update(id).digest('hex');
}

function encode(character: string): string {
  const bytes = [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
