/** Tags (EXIF 2.3, 4.6.3 and 4.6.5). */
const exifDirectory = 0x8769;
const userComment = 0x9286;

const types = { long: 4, undefined: 7 };

/** EXIF data with only a user comment in Unicode, most significant byte first. */
export function writeExifComment(text: string): Buffer {
  const comment = Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), Buffer.from(text, 'utf16le').swap16()]);
  const [header, directory, inner] = [8, 18, 18];
  return Buffer.concat([
    Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, header]),
    writeDirectory(exifDirectory, types.long, 1, header + directory),
    writeDirectory(userComment, types.undefined, comment.length, header + directory + inner),
    comment,
  ]);
}

/** A directory with one entry and no next one. */
function writeDirectory(tag: number, type: number, count: number, value: number): Buffer {
  const bytes = Buffer.alloc(18);
  bytes.writeUInt16BE(1, 0);
  bytes.writeUInt16BE(tag, 2);
  bytes.writeUInt16BE(type, 4);
  bytes.writeUInt32BE(count, 6);
  bytes.writeUInt32BE(value, 10);
  return bytes;
}
