import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { ImageError } from '../errors.js';
import type { InputImage } from '../generation.js';
import { checkPixels, pixelLimit } from './pixel-limit.js';

/** The function that sharp is. */
export type Sharp = typeof import('sharp');

/** An image on its way through sharp. */
export type Pipeline = import('sharp').Sharp;

/** Gives sharp, or undefined where it is not installed or has no build for this machine: it is an optional dependency. */
export type LoadSharp = () => Promise<Sharp | undefined>;

/** How long one step of sharp may take, in seconds. */
const stepTimeout = 60;

let loading: Promise<Sharp | undefined> | undefined;

/** sharp, loaded at the first image that needs it. */
export const loadSharp: LoadSharp = () => (loading ??= load());

/**
 * What sharp requires itself. Each is loaded in a turn of the event loop of its own, because sharp in one piece blocks it three
 * times as long. One that is not found under this name is left to sharp.
 */
const pieces = ['semver', 'detect-libc', '@img/colour', `@img/sharp-${process.platform}-${process.arch}/sharp.node`];

async function load(): Promise<Sharp | undefined> {
  try {
    const requireAsSharp = createRequire(createRequire(__filename).resolve('sharp'));
    for (const piece of pieces) {
      await setImmediate();
      attempt(() => requireAsSharp(piece));
    }
    await setImmediate();
    const sharp = requireAsSharp('sharp') as Sharp;
    sharp.cache(false);
    return sharp;
  } catch {
    return undefined;
  }
}

function attempt(task: () => unknown): void {
  try {
    task();
  } catch {
    return;
  }
}

/**
 * The first frame of an image as it is stored. The bytes are only read. Whether damage counts is decided here for all: what a decoder
 * can go on after does not, a missing end does (see `completeImage`).
 *
 * @throws ImageError `too_large` where it has more pixels than its format may have.
 */
export function openImage(sharp: Sharp, image: InputImage): Pipeline {
  checkPixels(image);
  const options = { failOn: 'error', limitInputPixels: pixelLimit(image) } as const;
  return sharp(image.bytes, options).timeout({ seconds: stepTimeout });
}

/**
 * Waits for what sharp makes of an image.
 *
 * @throws ImageError `invalid_input` where the image cannot be decoded.
 */
export async function decoded<T>({ name = 'image' }: InputImage, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ImageError('invalid_input', 'image_damaged', { field: name, reason }, { cause: error });
  }
}
