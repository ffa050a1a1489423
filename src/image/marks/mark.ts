/** What is written into an image. */
export interface Mark {
  /** An XMP packet. */
  xmp: Buffer;
  /** The settings as text, in the form of AUTOMATIC1111's web UI; absent = not written. */
  settings?: string;
}

/** Where marks go in a format of files: metadata beside the image data, which stay byte for byte. */
export interface MarkFormat {
  /** Whether the file carries XMP or C2PA of somebody else: what is added would contradict the one and break the signature of the other. */
  isMarked(bytes: Uint8Array): boolean;
  /** The file with a mark; undefined where it cannot take one. */
  insert(bytes: Uint8Array, mark: Mark): Buffer | undefined;
}
