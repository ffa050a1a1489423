import { hasText } from '../formats/bytes.js';
import { readSegments } from '../formats/jpeg.js';
import { writeExifComment } from './exif-comment.js';
import type { MarkFormat } from './mark.js';

const xmpNamespace = 'http://ns.adobe.com/xap/1.0/\0';
const exifNamespace = 'Exif\0\0';

const marker = { app0: 0xe0, app1: 0xe1, app11: 0xeb };

/** The most bytes of a segment's data: its length has two bytes and counts itself. */
const longestData = 65_533;

/** JPEG: segments after the JFIF segment. */
export const jpegMarks: MarkFormat = {
  isMarked: (bytes) => hasSegment(bytes, marker.app1, 'http://ns.adobe.com/') || hasSegment(bytes, marker.app11, 'JP'),
  insert(bytes, { xmp, settings }) {
    const hasRoomForExif = settings !== undefined && !hasSegment(bytes, marker.app1, 'Exif\0');
    const exif = hasRoomForExif ? [writeSegment(exifNamespace, writeExifComment(settings))] : [];
    const segments = [...exif, writeSegment(xmpNamespace, xmp)];
    if (segments.some((segment) => segment === undefined)) return undefined;
    const at = findPlace(bytes);
    return Buffer.concat([bytes.subarray(0, at), ...(segments as Buffer[]), bytes.subarray(at)]);
  },
};

function hasSegment(bytes: Uint8Array, code: number, start: string): boolean {
  return readSegments(bytes).some((segment) => segment.code === code && hasText(bytes, segment.at + 2, start));
}

/** After the JFIF segment, which has to come first, or else after the start. */
function findPlace(bytes: Uint8Array): number {
  const [first] = readSegments(bytes);
  return first?.code === marker.app0 && first.at === 4 ? first.at + first.length : 2;
}

function writeSegment(namespace: string, content: Buffer): Buffer | undefined {
  const data = Buffer.concat([Buffer.from(namespace, 'latin1'), content]);
  if (data.length > longestData) return undefined;
  const length = data.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker.app1, length >> 8, length & 255]), data]);
}
