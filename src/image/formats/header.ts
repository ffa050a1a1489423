/**
 * What the header of an image says. Width and height are those of the
 * stored pixels; `uprightSize` gives the displayed size.
 */
export interface ImageHeader {
  width: number;
  height: number;
  /** How the stored pixels are rotated for display, 1 to 8 (EXIF 2.3, 4.6.4); absent where the file does not say. */
  orientation?: number;
  /** Whether a decoder has to hold the whole image in memory: an interlaced PNG, a progressive JPEG. */
  progressive?: true;
  /** False where the file ends inside the image. */
  complete: boolean;
}

/**
 * A format that is recognised by its first bytes. Both functions read a bounded part of the file, in linear time, and
 * never throw; `readHeader` returns undefined where there is no size.
 */
export interface ImageFormat {
  mime: string;
  /** Without the dot. */
  extension: string;
  matches(bytes: Uint8Array): boolean;
  readHeader(bytes: Uint8Array): ImageHeader | undefined;
}
