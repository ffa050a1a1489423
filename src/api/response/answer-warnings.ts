import type { ImageError } from '../../errors.js';
import type { GeneratedImage, GenerationRequest, Warning } from '../../generation.js';
import { warning } from '../../warning.js';
import type { ImageResponse } from './image-response.js';

/** Warnings of an answer that broke off, or that holds an error beside its images. */
export function warnOfAnswer({ isCut }: ImageResponse, inside: ImageError | undefined): Warning[] {
  return [
    ...(isCut ? [warning('answer_cut')] : []),
    ...(inside ? [warning('error_beside', { detail: inside.message })] : []),
  ];
}

/** Warnings about differences from the request: fewer images, another size. */
export function warnOfDifferences(
  { n, size }: Pick<GenerationRequest, 'n' | 'size'>,
  received: number,
  images: GeneratedImage[],
): Warning[] {
  const other = images.find(
    ({ width, height }) => isPixelSize(size) && size?.replace('*', 'x') !== `${width}x${height}`,
  );
  return [
    ...(received < (n ?? 1) ? [warning('fewer_images', { requested: n ?? 1, received })] : []),
    ...(other ? [warning('other_size', { requested: size ?? '', received: `${other.width}x${other.height}` })] : []),
  ];
}

function isPixelSize(size: string | undefined): boolean {
  return size !== undefined && /^\d+[x*]\d+$/.test(size);
}
