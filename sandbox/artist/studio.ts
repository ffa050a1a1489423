import { HttpError } from '../simulated-errors.js';

/** The function that sharp is. */
export type Sharp = typeof import('sharp');

/** Raw pixels, four bytes each: red, green, blue, opacity. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * A function that loads sharp once, at the first image. It rejects with an HttpError, whose sentence is for a person,
 * where sharp is not installed: it is an optional dependency.
 */
export function sharpLoader(load: () => Promise<{ default: Sharp }>): () => Promise<Sharp> {
  let loading: Promise<Sharp> | undefined;
  const start = async (): Promise<Sharp> => {
    const { default: sharp } = await load().catch(() => {
      loading = undefined;
      throw new HttpError({
        status: 400,
        body: { error: { message: sharpMissing, type: 'invalid_request_error', param: null, code: 'sharp_missing' } },
      });
    });
    sharp.cache(false);
    return sharp;
  };
  return () => (loading ??= start());
}

const sharpMissing =
  'The built-in service paints with sharp, which was not installed or has no build for this machine. Try "npm install sharp", or choose another service in the account.';

/** sharp, loaded at the first image. */
export const loadSharp = sharpLoader(() => import('sharp'));

/** Reads an image's pixels, upright; `size` crops it to fit. */
export async function readPixels(
  sharp: Sharp,
  bytes: Buffer,
  size?: { width: number; height: number },
): Promise<Pixels> {
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: 50_000_000 }).autoOrient();
    const fitted = size ? image.resize(size.width, size.height, { fit: 'cover' }) : image;
    const { data, info } = await fitted
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch {
    throw new HttpError({
      status: 400,
      body: {
        error: {
          message: 'An input image could not be read. Use PNG, JPEG, WebP or GIF.',
          type: 'invalid_request_error',
          param: 'imageDataUrl',
          code: 'invalid_image',
        },
      },
    });
  }
}

/** Pixels as something sharp can go on with. */
export function fromPixels(sharp: Sharp, { data, width, height }: Pixels): import('sharp').Sharp {
  return sharp(data, { raw: { width, height, channels: 4 } });
}
