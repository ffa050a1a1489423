/**
 * The plain data that goes into and comes out of a generation. Sizes are in pixels and bytes, times in milliseconds.
 */

import type { Mode } from '../types/index.js';
import type { ImageHeader } from './image/formats/header.js';
import type { MessageKey } from './messages.js';

/** An image on its way to the service: encoded bytes as they stand in a file, with what their header says. */
export interface InputImage extends Omit<ImageHeader, 'complete'> {
  bytes: Uint8Array;
  /** `image/png`, `image/jpeg`, `image/webp`, `image/gif` or `image/avif`. */
  mime: string;
  /** False where part of the file is missing. */
  complete?: boolean;
  /** Its name in messages: the file name, or the field that it comes from. */
  name?: string;
}

/** The scalar fields of a request under the names of the API (NanoGPT docs: image generation); absent = not sent. */
export interface RequestFields {
  model?: string;
  /** Number of images, from 1. */
  n?: number;
  /** As the model takes it: `1024x1024`, `auto`, `1k`, `16:9`. */
  size?: string;
  response_format?: 'b64_json' | 'url';
  user?: string;
  negative_prompt?: string;
  quality?: string;
  output_format?: string;
  seed?: number;
  /** 0 (close to the input) to 1. */
  strength?: number;
  guidance_scale?: number;
  num_inference_steps?: number;
  kontext_max_mode?: boolean;
}

/** One request to the service. */
export interface GenerationRequest extends RequestFields {
  prompt: string;
  /** Input images; none = text to image. */
  images: InputImage[];
  /** White = change. Only with at least one input image. */
  mask?: InputImage;
  /** Further API fields, passed on as they are. */
  extra: Record<string, unknown>;
  /**
   * The images are sent as a form though the account sends them as JSON:
   * they are too large for that, and not for the model.
   */
  asForm?: true;
}

export type { Mode };

/** The mode of a request, by the images that it holds. */
export function readMode({ images, mask }: Pick<GenerationRequest, 'images' | 'mask'>): Mode {
  if (mask) return 'inpainting';
  return images.length > 0 ? 'image-to-image' : 'text-to-image';
}

/** An image that the service made. `bytes` owns its memory; type and size are read from the bytes. */
export interface GeneratedImage {
  bytes: Buffer;
  mime: string;
  /** File extension without the dot. */
  extension: string;
  /** The displayed size; absent where the format is unknown. */
  width?: number;
  height?: number;
  /** The address it was downloaded from, and until when that works (ISO 8601), where the service gave one. */
  url?: string;
  expires?: string;
  revisedPrompt?: string;
}

/** A problem that did not stop the work; `key` and `params` translate it as they do an error. */
export interface Warning {
  key: MessageKey;
  params: Record<string, string | number>;
  message: string;
}

/** The outcome of a generation; what the service did not say is absent. */
export interface Generation {
  images: GeneratedImage[];
  /** Number of images in the answer, usable or not. */
  received: number;
  /** Of the whole request, in `currency`. */
  cost?: number;
  currency?: string;
  paymentSource?: string;
  remainingBalance?: number;
  usage?: unknown;
  requestId?: string;
  /** The requested model, which may be the account's default. */
  model?: string;
  /** It comes from the history and costs nothing. */
  reused?: true;
  attempts: number;
  durationMs: number;
  warnings: Warning[];
}
