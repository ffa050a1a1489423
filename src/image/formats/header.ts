/** What the header of an image says. Width and height are those of the stored pixels; `uprightSize` gives the size that is seen. */
export interface ImageHeader {
  width: number;
  height: number;
  /** How the stored pixels are turned when they are shown, 1 to 8 (EXIF 2.3, 4.6.4); absent where the file does not say. */
  orientation?: number;
  /** Whether a decoder has to hold all of the image in memory: an interlaced PNG, a progressive JPEG. */
  progressive?: true;
  /** False where the file ends inside the image: a piece of it is missing. */
  complete: boolean;
}

/**
 * A format that is told by its first bytes. Both functions read a bounded part of the file, in linear time, and never throw,
 * whatever the bytes are; `readHeader` gives undefined where they hold no size.
 */
export interface ImageFormat {
  mime: string;
  /** Without the dot. */
  extension: string;
  matches(bytes: Uint8Array): boolean;
  readHeader(bytes: Uint8Array): ImageHeader | undefined;
}
