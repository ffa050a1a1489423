import { crc32 } from 'node:zlib';
import { hasText, readBigEndian } from '../formats/bytes.js';
import type { MarkFormat } from './mark.js';

const xmpKeyword = 'XML:com.adobe.xmp';

/** The most chunks that are read. */
const maxChunks = 20_000;

/** Where the first chunk ends (PNG specification, third edition, 5.6: the header comes first). */
const afterHeader = 33;

/** PNG: chunks after the header. */
export const pngMarks: MarkFormat = {
  isMarked: (bytes) => hasChunk(bytes, 'caBX', '') || hasChunk(bytes, 'iTXt', xmpKeyword),
  insert(bytes, { xmp, settings }) {
    const chunks = [
      writeChunk('iTXt', Buffer.concat([Buffer.from(`${xmpKeyword}\0\0\0\0\0`), xmp])),
      ...(settings === undefined ? [] : [writeText('parameters', settings)]),
    ];
    return Buffer.concat([bytes.subarray(0, afterHeader), ...chunks, bytes.subarray(afterHeader)]);
  },
};

function hasChunk(bytes: Uint8Array, type: string, keyword: string): boolean {
  let at = 8;
  for (let count = 0; count < maxChunks && at + 12 <= bytes.length; count += 1) {
    if (hasText(bytes, at + 4, type) && hasText(bytes, at + 8, keyword)) return true;
    at += 12 + readBigEndian(bytes, at, 4);
  }
  return false;
}

/** Text in Latin-1 where possible, since older programs read nothing else (PNG specification, 11.3.3). */
function writeText(keyword: string, text: string): Buffer {
  const isLatin1 = /^[\n\r\t\u0020-\u007e\u00a0-\u00ff]*$/.test(text);
  return isLatin1
    ? writeChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'))
    : writeChunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text.replaceAll('\0', '')}`));
}

function writeChunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
