import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { readMessage } from '../error-message.js';
import { ImageError } from '../errors.js';
import type { InputImage } from '../generation.js';
import { checkPixels, pixelLimit } from './pixel-limit.js';

/** The function that sharp is. */
export type Sharp = typeof import('sharp');

/** An image on its way through sharp. */
export type Pipeline = import('sharp').Sharp;

/** Loads sharp; undefined where it is not installed or has no build for this machine. It is an optional dependency. */
export type LoadSharp = () => Promise<Sharp | undefined>;

/** How long one step of sharp may take, in seconds. */
const stepTimeout = 60;

let loading: Promise<Sharp | undefined> | undefined;

/** Loads sharp for the first image that needs it. */
export const loadSharp: LoadSharp = () => (loading ??= load());

/**
 * Dependencies of sharp, each loaded in its own turn of the event loop: loading sharp in one piece blocks three times
 * as long. One that is not found under this name is left to sharp.
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
 * Opens the first frame of an image as stored. This decides for all decoding what counts as damage: not what a decoder
 * can recover from, but a missing end (see `completeImage`).
 *
 * @throws ImageError `too_large` where it has more pixels than its format may have.
 */
export function openImage(sharp: Sharp, image: InputImage): Pipeline {
  checkPixels(image);
  const options = { failOn: 'error', limitInputPixels: pixelLimit(image) } as const;
  return sharp(image.bytes, options).timeout({ seconds: stepTimeout });
}

/**
 * Awaits sharp's work on an image.
 *
 * @throws ImageError `invalid_input` where the image cannot be decoded.
 */
export async function decoded<T>({ name = 'image' }: InputImage, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const reason = readMessage(error).split('\n')[0] ?? '';
    throw new ImageError('invalid_input', 'image_damaged', { field: name, reason }, { cause: error });
  }
}
