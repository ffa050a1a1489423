import { ImageError } from '../errors.js';
import type { InputImage, Warning } from '../generation.js';
import { warning } from '../warning.js';
import { changeWarning } from './change-warning.js';
import { mostTransparentMask, readMask, writeMask } from './mask.js';
import { isUpright } from './orientation.js';
import { type ImageRules, type InputImages, type SizeBudget, isWithin, byteBudget } from './size-budget.js';
import { type LoadSharp, type Sharp, inTurn, loadSharp } from './sharp.js';
import { shrink } from './shrink.js';

/** What images are fitted to. */
export interface FitOptions extends SizeBudget {
  signal: AbortSignal;
  load?: LoadSharp;
}

/** Pictures that can be sent, and what was done to them. */
export type FittedImages = InputImages & { warnings: Warning[] };

/**
 * Makes the images of a request fit what the service takes. One that is upright, of a taken format and small enough is passed
 * on byte for byte; another is turned, converted to sRGB and made smaller so that the whole request just fits, and each change is
 * a warning. Only where something is to be done is sharp loaded; without it what fits is passed on.
 *
 * @throws ImageError `too_large` where even that cannot help, `invalid_input` for an image or a mask that cannot be used;
 * `signal.reason` when aborted.
 */
export async function fitImages(inputs: InputImages, options: FitOptions): Promise<FittedImages> {
  const { images, mask } = inputs;
  const { rules, signal, load = loadSharp } = options;
  const isFine = !mask && images.every((image) => isSendable(image, rules)) && isWithin(inputs, options);
  if (images.length === 0 || isFine) return { ...inputs, warnings: [] };
  const sharp = await load();
  signal.throwIfAborted();
  return sharp ? inTurn(() => fitWith(sharp, inputs, options), signal) : fitWithout(inputs, options);
}

async function fitWith(sharp: Sharp, inputs: InputImages, options: FitOptions): Promise<FittedImages> {
  const { rules } = options;
  const room = byteBudget(inputs, options);
  if (!inputs.mask)
    return whole(inputs, { images: await fitEach(sharp, inputs.images, { ...options, room }), warnings: [] }, options);
  const mask = await readMask(sharp, inputs.mask, inputs.images[0] as InputImage);
  const atFirst = await writeMask(sharp, mask, mask.size, rules.mask);
  const length = atFirst.mask.bytes.length;
  const share = Math.floor(Math.min(room / 2, rules.mask === 'transparent' ? mostTransparentMask - 1 : Infinity));
  const mostPixels = length > share ? 0.9 * mask.size.width * mask.size.height * (share / length) : Infinity;
  const images = await fitEach(sharp, inputs.images, { ...options, room: room - Math.min(length, share), mostPixels });
  const { width, height } = images[0] as InputImage;
  const isAsAtFirst = width === mask.size.width && height === mask.size.height;
  const written = isAsAtFirst ? atFirst : await writeMask(sharp, mask, { width, height }, rules.mask);
  return whole(inputs, { images, ...written }, options);
}

/** The room is shared out from the smallest image on: what one leaves, the larger ones have. `mostPixels` holds for the first. */
async function fitEach(
  sharp: Sharp,
  images: InputImage[],
  { rules, signal, room, mostPixels = Infinity }: FitOptions & { room: number; mostPixels?: number },
): Promise<InputImage[]> {
  const fitted = [...images];
  const smallestFirst = [...images.entries()].sort(([, one], [, other]) => one.bytes.length - other.bytes.length);
  let left = room;
  for (const [done, [index, image]] of smallestFirst.entries()) {
    signal.throwIfAborted();
    const share = Math.floor(left / (images.length - done));
    const pixels = index === 0 ? mostPixels : Infinity;
    const isFine = isSendable(image, rules) && image.bytes.length <= share && image.width * image.height <= pixels;
    const made = isFine ? image : await shrink(sharp, image, { room: share, formats: rules.formats, pixels, signal });
    if (!made) throw notSmallEnough(rules);
    fitted[index] = made;
    left -= made.bytes.length;
  }
  return fitted;
}

function whole({ images }: InputImages, { warnings, ...fitted }: FittedImages, options: FitOptions): FittedImages {
  if (!isWithin(fitted, options)) throw notSmallEnough(options.rules);
  const changes = images.flatMap((before, index) => changeWarning(before, fitted.images[index] as InputImage));
  return { ...fitted, warnings: [...changes, ...warnings] };
}

function fitWithout(inputs: InputImages, options: FitOptions): FittedImages {
  const { images, mask } = inputs;
  const { rules } = options;
  const other = images.find(({ mime }) => !rules.formats.includes(mime));
  if (other) throw new ImageError('invalid_input', 'sharp_to_convert', { field: nameOf(other), format: other.mime });
  const { width, height } = images[0] as InputImage;
  if (mask && (rules.mask !== 'white' || mask.mime !== 'image/png' || mask.width !== width || mask.height !== height)) {
    throw new ImageError('invalid_input', 'sharp_for_mask', { field: mask.name ?? 'mask', size: `${width}x${height}` });
  }
  if (!isWithin(inputs, options)) {
    const largest = images.reduce((one, next) => (next.bytes.length > one.bytes.length ? next : one));
    throw new ImageError('too_large', 'sharp_to_shrink', { field: nameOf(largest), limit: (rules.body ?? 0) / 1e6 });
  }
  return {
    ...inputs,
    warnings: images
      .filter((image) => !isUpright(image))
      .map((image) => warning('image_not_turned', { field: nameOf(image) })),
  };
}

function isSendable(image: InputImage, { formats }: ImageRules): boolean {
  return formats.includes(image.mime) && isUpright(image);
}

function nameOf({ name = 'image' }: InputImage): string {
  return name;
}

function notSmallEnough({ body = 0 }: ImageRules): ImageError {
  return new ImageError('too_large', 'images_too_large', { limit: body / 1e6 });
}
