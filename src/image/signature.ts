/** How files of images begin, and of what people mistake for one, in latin1. */
const signatures = [
  /^\x89PNG/,
  /^\xff\xd8\xff/,
  /^GIF8/,
  /^RIFF....WEBP/s,
  /^....ftyp/s,
  /^BM....\0\0\0\0/s,
  /^(II\*\0|MM\0\*)/,
  /^\0\0\0\x0cJXL /,
  /^\s*<(svg|\?xml)\b/,
  /^%PDF-/,
];

/** Whether bytes begin like a file of an image: a cheap check before a long text is decoded. */
export function hasSignature(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 32));
  return signatures.some((signature) => signature.test(start));
}
