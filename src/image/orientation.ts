/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The pixels of a file and how they are turned when they are shown. */
export interface Oriented extends Size {
  /** 1 to 8 (EXIF 2.3, 4.6.4); absent = 1, stored as it is seen. */
  orientation?: number;
}

/** The size of an image as it is seen: orientations from 5 lie on their side. */
export function uprightSize({ width, height, orientation = 1 }: Oriented): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Whether an image is stored as it is seen. */
export function isUpright({ orientation = 1 }: Oriented): boolean {
  return orientation === 1;
}
