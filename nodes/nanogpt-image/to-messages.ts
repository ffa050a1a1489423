import type { NodeAPI, NodeMessage } from 'node-red';
import { type GeneratedImage, type Generation, type GenerationRequest, readMode } from '../../src/generation.js';
import { toDataUrl } from '../../src/image/data-url.js';
import { nameFile } from '../../src/image/file-name.js';
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
    filename: nameFile(request.prompt, { time: Date.now(), index, count, extension: image.extension }),
  };
}

function describe({ request, generation, service, warnings }: ResultInfo): Message {
  const { images: _, ...rest } = generation;
  const { prompt, n, size, seed } = request;
  return {
    ...rest,
    prompt,
    count: n ?? 1,
    ...(size !== undefined && { size }),
    ...(seed !== undefined && { seed }),
    mode: readMode(request),
    service,
    warnings,
  };
}
