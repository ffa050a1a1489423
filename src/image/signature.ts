/** How files of images begin, in latin1. */
const imageSignatures = [
  /^\x89PNG/,
  /^\xff\xd8\xff/,
  /^GIF8/,
  /^RIFF....WEBP/s,
  /^....ftyp/s,
  /^BM....\0\0\0\0/s,
  /^(II\*\0|MM\0\*)/,
  /^\0\0\0\x0cJXL /,
];

/** A bare codestream of JPEG XL. Any two words may decode to these bytes, so they prove nothing of a text. */
const codestream = /^\xff\x0a/;

/** Files that people mistake for an image, and drawings as text. */
const otherSignatures = [/^\s*<(svg|\?xml)\b/, /^%PDF-/];

/** The most bytes that a signature takes. */
const longest = 32;

/** Whether the bytes of a file begin like an image of a binary format. */
export function isImageFile(bytes: Uint8Array): boolean {
  const start = readStart(bytes);
  return codestream.test(start) || matchesAny(start, imageSignatures);
}

/** Whether bytes that a text decodes to begin like an image, or what people mistake for one: a cheap check. */
export function hasSignature(bytes: Uint8Array): boolean {
  const start = readStart(bytes);
  return matchesAny(start, imageSignatures) || matchesAny(start, otherSignatures);
}

function matchesAny(start: string, signatures: RegExp[]): boolean {
  return signatures.some((signature) => signature.test(start));
}

function readStart({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, Math.min(length, longest)).toString('latin1');
}
