/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The size of stored pixels and how they are rotated for display. */
export interface Oriented extends Size {
  /** 1 to 8 (EXIF 2.3, 4.6.4); absent = 1, upright. */
  orientation?: number;
}

/** The size of an image as displayed: orientations from 5 on are rotated by 90 degrees. */
export function uprightSize({ width, height, orientation = 1 }: Oriented): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Whether an image is stored upright. */
export function isUpright({ orientation = 1 }: Oriented): boolean {
  return orientation === 1;
}
