import { readMessage } from '../error-message.js';
import type { GeneratedImage, Warning } from '../generation.js';
import { warning } from '../warning.js';
import { queueImageWork } from './image-queue.js';
import { inspect } from './inspect.js';
import { type Size, isUpright } from './orientation.js';
import { pixelLimit } from './pixel-limit.js';
import type { Pipeline, Sharp } from './sharp.js';

/** The formats that an image can be delivered in. */
export type OutputType = 'png' | 'jpeg' | 'webp';

/** How an image is delivered. */
export interface OutputOptions {
  /** Absent = as large as it was received. */
  size?: Size;
  /** `inside`: whole and never enlarged, `cover`: cropped, `contain`: whole, with white bars. */
  fit: 'inside' | 'cover' | 'contain';
  /** Absent = as it was received, where that is one of these; else PNG. */
  type?: OutputType;
}

/** The most pixels of an image that has to be turned: all of them are held while that is done. */
const maxTurned = 40_000_000;

/** JPEG is written as baseline: many displays and microcontrollers read nothing else. */
const encoders: Record<OutputType, (pipeline: Pipeline) => Pipeline> = {
  png: (pipeline) => pipeline.png(),
  jpeg: (pipeline) => pipeline.flatten({ background: 'white' }).jpeg({ quality: 92, progressive: false }),
  webp: (pipeline) => pipeline.webp({ quality: 92 }),
};

const extensions: Record<OutputType, string> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

/**
 * Renders an image for delivery; one that already complies is returned unchanged. It is paid for, so one that cannot be
 * decoded is delivered as it was received, with a warning.
 */
export async function renderOutput(
  sharp: Sharp,
  image: GeneratedImage,
  options: OutputOptions,
): Promise<{ image: GeneratedImage; warnings: Warning[] }> {
  if (isAsWanted(image, options)) return { image, warnings: [] };
  try {
    return { image: await queueImageWork(() => render(sharp, image, options)), warnings: [] };
  } catch (error) {
    const reason = readMessage(error).split('\n')[0] ?? '';
    return { image, warnings: [warning('output_not_rendered', { reason })] };
  }
}

function isStoredUpright(bytes: Buffer): boolean {
  const header = inspect(bytes);
  return !header || isUpright(header);
}

function isAsWanted({ bytes, mime, width, height }: GeneratedImage, { size, type }: OutputOptions): boolean {
  const header = inspect(bytes);
  const isType = type === undefined || mime === `image/${type}`;
  const isBaseline = type !== 'jpeg' || header?.progressive !== true;
  const isSize = size === undefined || (width === size.width && height === size.height);
  return isType && isSize && isBaseline && isStoredUpright(bytes);
}

async function render(
  sharp: Sharp,
  image: GeneratedImage,
  { size, fit, type = usualType(image) }: OutputOptions,
): Promise<GeneratedImage> {
  const limitInputPixels = Math.min(pixelLimit(image), isStoredUpright(image.bytes) ? Infinity : maxTurned);
  const upright = sharp(image.bytes, { failOn: 'none', limitInputPixels }).timeout({ seconds: 60 }).autoOrient();
  const sized = size
    ? upright.resize({ ...size, fit, withoutEnlargement: fit === 'inside', background: 'white' })
    : upright;
  const { data, info } = await encoders[type](sized.toColourspace('srgb')).toBuffer({ resolveWithObject: true });
  // The Buffer must own its memory.
  const bytes = Buffer.from(new Uint8Array(data).buffer);
  return {
    ...image,
    bytes,
    mime: `image/${type}`,
    extension: extensions[type],
    width: info.width,
    height: info.height,
  };
}

function usualType({ mime }: GeneratedImage): OutputType {
  return mime === 'image/jpeg' ? 'jpeg' : mime === 'image/webp' ? 'webp' : 'png';
}
