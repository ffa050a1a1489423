import type { InputImage, Warning } from '../generation.js';
import { warning } from '../warning.js';

/** Warns that an image was changed: `camera.jpg: 4000x3000, 7.9 MB -> 2600x1950 JPEG, 2.9 MB`. */
export function changeWarning(before: InputImage, after: InputImage): Warning[] {
  if (after === before) return [];
  const from = `${formatSize(before)}${before.mime === after.mime ? '' : ` ${formatName(before)}`}, ${formatBytes(before.bytes.length)}`;
  return [
    warning('image_changed', {
      field: before.name ?? 'image',
      before: from,
      after: `${formatSize(after)} ${formatName(after)}, ${formatBytes(after.bytes.length)}`,
    }),
  ];
}

function formatSize({ width, height }: InputImage): string {
  return `${width}x${height}`;
}

function formatName({ mime }: InputImage): string {
  return mime === 'image/webp' ? 'WebP' : mime.replace('image/', '').toUpperCase();
}

/** Formats bytes for a person: `2.9 MB`. */
export function formatBytes(length: number): string {
  return length < 100_000 ? `${(length / 1000).toFixed(1)} kB` : `${(length / 1e6).toFixed(1)} MB`;
}
