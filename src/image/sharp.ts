import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { abortable } from '../abortable.js';
import { ImageError } from '../errors.js';
import type { InputImage } from '../generation.js';

/** The function that sharp is. */
export type Sharp = typeof import('sharp');

/** An image on its way through sharp. */
export type Pipeline = import('sharp').Sharp;

/** Gives sharp, or undefined where it is not installed or has no build for this machine: it is an optional dependency. */
export type LoadSharp = () => Promise<Sharp | undefined>;

/** The most pixels that are decoded: a file of a few kB can hold more than the machine has memory for. */
export const maxPixels = 100_000_000;

/** Seconds that one step of sharp may take. */
const patience = 60;

let loading: Promise<Sharp | undefined> | undefined;

/** sharp, loaded at the first image that needs it. */
export const loadSharp: LoadSharp = () => (loading ??= load());

/**
 * What sharp requires itself. Each is loaded in a turn of the event loop of its own, so that sharp, which takes three times as
 * long in one piece, holds up nothing else. One that is not there by this name is left to sharp.
 */
const pieces = ['semver', 'detect-libc', '@img/colour', `@img/sharp-${process.platform}-${process.arch}/sharp.node`];

async function load(): Promise<Sharp | undefined> {
  try {
    const near = createRequire(createRequire(__filename).resolve('sharp'));
    for (const piece of pieces) {
      await setImmediate();
      attempt(() => near(piece));
    }
    await setImmediate();
    const sharp = near('sharp') as Sharp;
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

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs one task after another: a machine with little memory holds the pixels of one request at a time. An abort rejects at once
 * with `signal.reason`; a task that has begun then ends by itself, and only then the next begins.
 */
export function inTurn<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const turn = last.then(() => {
    signal.throwIfAborted();
    return task();
  });
  last = turn.catch(() => undefined);
  return abortable(turn, signal);
}

/**
 * The first frame of an image, turned upright by its EXIF data. The bytes are only read.
 *
 * @throws ImageError `too_large` where it has more pixels than are decoded.
 */
export function open(sharp: Sharp, { bytes, width, height, name = 'image' }: InputImage): Pipeline {
  if (width * height > maxPixels) {
    throw new ImageError('too_large', 'too_many_pixels', {
      field: name,
      megapixels: Math.round((width * height) / 1e6),
      limit: maxPixels / 1e6,
    });
  }
  return sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels }).autoOrient().timeout({ seconds: patience });
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
