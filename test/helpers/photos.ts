import sharp, { type Sharp } from 'sharp';
import type { Dialect } from '../../src/api/dialects/dialect.js';
import { nanogpt } from '../../src/api/dialects/nanogpt.js';
import type { InputImage } from '../../src/generation.js';
import type { FitOptions } from '../../src/image/fit-images.js';
import { inspect } from '../../src/image/inspect.js';
import type { InputImages } from '../../src/image/size-budget.js';

/** Something that compresses as a camera's image does: clouds of colour with grain. */
export async function photo(width: number, height: number): Promise<Sharp> {
  const layer = async (cell: number, sigma: number): Promise<Buffer> => {
    const [cells, rows] = [width, height].map((side) => Math.max(2, Math.ceil(side / cell))) as [number, number];
    const grain = sharp({
      create: {
        width: cells,
        height: rows,
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    });
    return grain.resize(width, height, { fit: 'fill' }).png({ compressionLevel: 0 }).toBuffer();
  };
  const [clouds, shapes, fine] = await Promise.all([layer(width / 6, 70), layer(24, 40), layer(1, 9)]);
  const made = sharp(clouds).composite([
    { input: shapes, blend: 'overlay' },
    { input: fine, blend: 'overlay' },
  ]);
  return sharp(await made.raw().toBuffer(), { raw: { width, height, channels: 3 } });
}

/** Red, green, blue and white quarters: each corner tells where it went. */
export function quarters(width: number, height: number): Sharp {
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  const svg = (['red', 'lime', 'blue', 'white'] as const)
    .map(
      (colour, index) =>
        `<rect x="${(index % 2) * halfWidth}" y="${Math.floor(index / 2) * halfHeight}" width="${halfWidth}" height="${halfHeight}" fill="${colour}"/>`,
    )
    .join('');
  return drawing(width, height, svg);
}

/** Shapes on nothing. */
export function drawing(width: number, height: number, svg: string): Sharp {
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">${svg}</svg>`,
    ),
  );
}

/** The letters of the colours in the corners, row by row: `rgbw` for quarters as they were made. */
export async function corners(bytes: Uint8Array): Promise<string> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): string => {
    const start = (y * info.width + x) * info.channels;
    const lit = [...data.subarray(start, start + 3)].map((level) => (level > 127 ? 1 : 0)).join('');
    return { '100': 'r', '010': 'g', '001': 'b', '111': 'w' }[lit] ?? '?';
  };
  const [right, bottom] = [info.width - 3, info.height - 3];
  return at(2, 2) + at(right, 2) + at(2, bottom) + at(right, bottom);
}

/** An image as it comes out of a message. */
export function asImage(bytes: Uint8Array, name = 'msg.payload'): InputImage {
  const header = inspect(bytes);
  if (!header) throw new Error('The test made no image.');
  const { extension: _, ...shape } = header;
  return { bytes, ...shape, name };
}

/** What fit goes by for a request to this service of which the body may have so many bytes. */
export function makeFitOptions(body: number, dialect: Dialect = nanogpt, more: Partial<FitOptions> = {}): FitOptions {
  const measure = (images: InputImages): number =>
    dialect.prepare({ prompt: 'a red fox', extra: {}, ...images }).body.length;
  return { rules: { ...dialect.images, body }, measure, signal: new AbortController().signal, ...more };
}

/** The length of the request body with these images. */
export function bodyLength({ images, mask }: InputImages, dialect: Dialect = nanogpt): number {
  return makeFitOptions(0, dialect).measure({ images, ...(mask && { mask }) });
}
