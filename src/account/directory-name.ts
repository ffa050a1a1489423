import { createHash } from 'node:crypto';

/** File systems refuse longer names once a suffix is added. */
const longest = 120;

/** The directory name for an id: the id itself where that is safe, else a name that no other id has. */
export function toDirectoryName(id: string): string {
  const name = id.replace(/[^\w.-]|^\./gu, encode);
  return name.length <= longest ? name : createHash('sha256').update(id).digest('hex');
}

function encode(character: string): string {
  const bytes = [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
