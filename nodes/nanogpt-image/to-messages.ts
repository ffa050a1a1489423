import type { NodeAPI, NodeMessage } from 'node-red';
import type { Generation, GenerationRequest, GeneratedImage } from '../../src/generation.js';
import { toDataUrl } from '../../src/image/data-url.js';
import type { Message } from '../shared/message.js';
import type { NanogptImageConfig } from './config.js';

/** What the messages of one generation tell about it. */
export interface ResultInfo {
  request: GenerationRequest;
  generation: Generation;
  service: string;
  /** In the language of the server. */
  warnings: string[];
}

/** The messages of one generation: one an image, or one with all. Everything else in the incoming message passes through. */
export function toMessages(RED: NodeAPI, config: NanogptImageConfig, msg: Message, told: ResultInfo): Message[] {
  const { images } = told.generation;
  const base = { ...copyOf(RED, config, msg, told), generation: describe(told) };
  const infos = images.map((image, index) => infoOf(image, index, told));
  const payloads = images.map((image) => payloadOf(image, config.output));
  if (config.deliver === 'all') return [{ ...base, payload: payloads, imageInfo: infos }];
  if (images.length === 1) return [{ ...base, payload: payloads[0], imageInfo: infos[0] }];
  const id = RED.util.generateId();
  return images.map((_, index) => ({
    ...base,
    payload: payloads[index],
    imageInfo: infos[index],
    parts: parts(id, index, images.length, msg.parts),
  }));
}

/** A mask that was used does not go on: the next node would inpaint by accident. A failure of an earlier try is over. */
function copyOf(RED: NodeAPI, { mask, maskType }: NanogptImageConfig, msg: Message, { request }: ResultInfo): Message {
  const { failure: _, ...copy } = msg;
  if (!request.mask || maskType !== 'msg') return copy;
  const top = /^\w+/.exec(mask)?.[0] ?? mask;
  // The rest of what it lies in belongs to the incoming message, too.
  if (top !== mask) copy[top] = RED.util.cloneMessage(copy[top] as NodeMessage);
  RED.util.setMessageProperty(copy, mask, undefined, false);
  return copy;
}

/** As the split node marks the items of an array, an earlier sequence nested within. */
function parts(id: string, index: number, count: number, outer: unknown): Message {
  return { id, type: 'array', len: 1, index, count, ...(outer !== undefined && { parts: outer }) };
}

function payloadOf({ bytes, mime }: GeneratedImage, output: NanogptImageConfig['output']): Buffer | string {
  if (output === 'dataUrl') return toDataUrl(mime, bytes);
  return output === 'base64' ? bytes.toString('base64') : bytes;
}

function infoOf(image: GeneratedImage, index: number, { request, generation }: ResultInfo): Message {
  const { bytes, ...rest } = image;
  const count = generation.images.length;
  return {
    ...rest,
    bytes: bytes.length,
    index,
    count,
    filename: fileName(request.prompt, index, count, image.extension),
  };
}

function describe({ request, generation, service, warnings }: ResultInfo): Message {
  const { images: _, ...rest } = generation;
  const { prompt, n, size, seed, mask, images } = request;
  return {
    ...rest,
    prompt,
    count: n ?? 1,
    ...(size !== undefined && { size }),
    ...(seed !== undefined && { seed }),
    mode: mask ? 'inpainting' : images.length > 0 ? 'image-to-image' : 'text-to-image',
    service,
    warnings,
  };
}

/** A name to save an image under, which no file system refuses: the first words of the prompt, the local time, the number. */
function fileName(prompt: string, index: number, count: number, extension: string): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${firstWords(prompt) || 'image'}-${date}-${time}${count > 1 ? `-${index + 1}` : ''}.${extension}`;
}

function firstWords(prompt: string): string {
  const words = prompt
    .normalize('NFKD')
    .replace(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
  return words.length <= 40
    ? words
    : words
        .slice(0, 41)
        .replace(/-[^-]*$/, '')
        .slice(0, 40);
}
