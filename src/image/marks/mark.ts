/** What is written into an image. */
export interface Mark {
  /** An XMP packet. */
  xmp: Buffer;
  /** The settings as text, in the form of AUTOMATIC1111's web UI; absent = not written. */
  settings?: string;
}

/** Adds marks to files of one format, as metadata; the image data stays unchanged. */
export interface MarkFormat {
  /** Whether the file already has XMP, which a mark might contradict, or C2PA, whose signature it would break. */
  isMarked(bytes: Uint8Array): boolean;
  /** The file with a mark; undefined where it has no room for one. */
  insert(bytes: Uint8Array, mark: Mark): Buffer | undefined;
}
