import type { GeneratedImage, GenerationRequest, Warning } from '../../generation.js';
import { warning } from '../../warning.js';

/** Warnings about differences from the request: fewer images, another size. */
export function differences(
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
