import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { InputImage, Warning } from '../generation.js';
import { warning } from '../warning.js';
import { changeWarning } from './change-warning.js';
import { completeImage, mayLackEnd, refuseTruncated } from './complete-image.js';
import { queueImageWork } from './image-queue.js';
import { largestTransparentMask, readMask, writeMask } from './mask.js';
import { isUpright } from './orientation.js';
import { checkPixels } from './pixel-limit.js';
import { type LoadSharp, type Sharp, loadSharp } from './sharp.js';
import { shrink } from './shrink.js';
import { type ImageRules, type InputImages, type SizeBudget, byteBudget, isWithinBudget } from './size-budget.js';

/** What images are fitted to. */
export interface FitOptions extends SizeBudget {
  signal: AbortSignal;
  load?: LoadSharp;
}

/** Images that can be sent, with warnings about changes. */
export type FittedImages = InputImages & { warnings: Warning[] };

/**
 * Makes the images of a request fit what the service accepts. An upright image of an accepted format that is small
 * enough is sent unchanged; any other is turned, converted to sRGB and shrunk until the whole request just fits, with a
 * warning for each change. sharp is loaded only when it is needed; without it, only images that fit are sent.
 *
 * @throws ImageError `too_large` for too many pixels or bytes, `invalid_input` for an image or a mask that cannot be
 * used; `signal.reason` when aborted.
 */
export async function fitImages(inputs: InputImages, options: FitOptions): Promise<FittedImages> {
  const { images, mask } = inputs;
  const { rules, signal, load = loadSharp } = options;
  for (const image of listImages(inputs)) {
    refuseTruncated(image);
    checkPixels(image);
  }
  const isFine = !mask && images.every((image) => isSendable(image, rules)) && isWithinBudget(inputs, options);
  if (images.length === 0 || isFine) return { ...inputs, warnings: [] };
  const sharp = await load();
  signal.throwIfAborted();
  return queueImageWork(async () => {
    const { warnings, ...completed } = await completeAll(sharp, inputs);
    const fitted = await (sharp ? fitWith(sharp, completed, options) : fitWithout(completed, options));
    return { ...fitted, warnings: [...warnings, ...fitted.warnings] };
  }, signal);
}

function listImages({ images, mask }: InputImages): InputImage[] {
  return mask ? [...images, mask] : images;
}

async function completeAll(sharp: Sharp | undefined, inputs: InputImages): Promise<FittedImages> {
  const images: InputImage[] = [];
  const warnings: Warning[] = [];
  for (const input of listImages(inputs)) {
    const completed = await completeImage(sharp, input);
    images.push(completed.image);
    warnings.push(...completed.warnings);
  }
  const mask = inputs.mask && images.pop();
  return { images, ...defined({ mask }), warnings };
}

async function fitWith(sharp: Sharp, inputs: InputImages, options: FitOptions): Promise<FittedImages> {
  const { rules } = options;
  const budget = byteBudget(inputs, options);
  if (!inputs.mask) {
    const images = await fitEach(sharp, inputs.images, { ...options, budget });
    return toResult(inputs, { images, warnings: [] }, options);
  }
  const mask = await readMask(sharp, inputs.mask, inputs.images[0] as InputImage);
  const unscaled = await writeMask(sharp, mask, mask.size, rules.mask);
  const length = unscaled.mask.bytes.length;
  const maskLimit = rules.mask === 'transparent' ? largestTransparentMask - 1 : Infinity;
  const share = Math.floor(Math.min(budget / 2, maskLimit));
  const maxPixels = length > share ? 0.9 * mask.size.width * mask.size.height * (share / length) : Infinity;
  const images = await fitEach(sharp, inputs.images, {
    ...options,
    budget: budget - Math.min(length, share),
    maxPixels,
  });
  const { width, height } = images[0] as InputImage;
  const isUnscaled = width === mask.size.width && height === mask.size.height;
  const written = isUnscaled ? unscaled : await writeMask(sharp, mask, { width, height }, rules.mask);
  return toResult(inputs, { images, ...written }, options);
}

/**
 * Divides the budget, smallest image first: larger images get what a
 * smaller one does not need. `maxPixels` applies to the first.
 */
async function fitEach(
  sharp: Sharp,
  images: InputImage[],
  { rules, signal, budget, maxPixels = Infinity }: FitOptions & { budget: number; maxPixels?: number },
): Promise<InputImage[]> {
  const fitted = [...images];
  const smallestFirst = [...images.entries()].sort(([, one], [, other]) => one.bytes.length - other.bytes.length);
  let left = budget;
  for (const [done, [index, image]] of smallestFirst.entries()) {
    signal.throwIfAborted();
    const share = Math.min(Math.floor(left / (images.length - done)), rules.file ?? Infinity);
    const pixels = index === 0 ? maxPixels : Infinity;
    const isFine = isSendable(image, rules) && image.bytes.length <= share && image.width * image.height <= pixels;
    const target = { byteBudget: share, formats: rules.formats, pixels, signal };
    const result = isFine ? image : await shrink(sharp, image, target);
    if (!result) throw notSmallEnough(rules);
    fitted[index] = result;
    left -= result.bytes.length;
  }
  return fitted;
}

function toResult({ images }: InputImages, { warnings, ...fitted }: FittedImages, options: FitOptions): FittedImages {
  if (!isWithinBudget(fitted, options)) throw notSmallEnough(options.rules);
  const changes = images.flatMap((before, index) => changeWarning(before, fitted.images[index] as InputImage));
  return { ...fitted, warnings: [...changes, ...warnings] };
}

async function fitWithout(inputs: InputImages, options: FitOptions): Promise<FittedImages> {
  const { images, mask } = inputs;
  const { rules } = options;
  const other = images.find(({ mime }) => !rules.formats.includes(mime));
  if (other) throw new ImageError('invalid_input', 'sharp_to_convert', { field: imageName(other), format: other.mime });
  const { width, height } = images[0] as InputImage;
  if (mask && (rules.mask !== 'white' || mask.mime !== 'image/png' || mask.width !== width || mask.height !== height)) {
    throw new ImageError('invalid_input', 'sharp_for_mask', { field: mask.name ?? 'mask', size: `${width}x${height}` });
  }
  if (!isWithinBudget(inputs, options)) {
    const largest = images.reduce((one, next) => (next.bytes.length > one.bytes.length ? next : one));
    throw new ImageError('too_large', 'sharp_to_shrink', { field: imageName(largest), limit: (rules.body ?? 0) / 1e6 });
  }
  const unturned = images.filter((image) => !isUpright(image));
  return { ...inputs, warnings: unturned.map((image) => warning('image_not_turned', { field: imageName(image) })) };
}

function isSendable(image: InputImage, { formats }: ImageRules): boolean {
  return formats.includes(image.mime) && isUpright(image) && !mayLackEnd(image);
}

function imageName({ name = 'image' }: InputImage): string {
  return name;
}

function notSmallEnough({ body = 0 }: ImageRules): ImageError {
  return new ImageError('too_large', 'images_too_large', { limit: body / 1e6 });
}
