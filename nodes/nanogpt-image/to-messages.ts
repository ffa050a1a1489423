import type { NodeAPI } from 'node-red';
import { defined } from '../../src/defined.js';
import { type GeneratedImage, type Generation, type GenerationRequest, readMode } from '../../src/generation.js';
import { toDataUrl } from '../../src/image/data-url.js';
import { nameFile } from '../../src/image/file-name.js';
import type { Generation as GenerationInfo, ImageInfo, ImageMessage } from '../../types/index.js';
import type { Message } from '../shared/message.js';
import type { NanogptImageConfig } from './config.js';
import { withoutProperty } from './without-property.js';

/** A generation and what its messages say about it. */
export interface ResultInfo {
  request: GenerationRequest;
  generation: Generation;
  service: GenerationInfo['service'];
  /** In the language of the server. */
  warnings: string[];
}

/**
 * The messages of one generation: one per image, or one with all.
 * Everything else in the incoming message passes through.
 */
export function toMessages(RED: NodeAPI, config: NanogptImageConfig, msg: Message, result: ResultInfo): ImageMessage[] {
  const { images } = result.generation;
  const infos = images.map((image, index) => toImageInfo(image, index, result));
  const payloads = images.map((image) => toPayload(image, config.output));
  const generation = toGenerationInfo(result);
  const all = Object.assign(copyMessage(RED, config, msg, result), { generation, payload: payloads, imageInfo: infos });
  if (config.deliver === 'all') return [all];
  const messages = infos.map((imageInfo, index) => ({ ...all, payload: payloads[index]!, imageInfo }));
  if (messages.length === 1) return messages;
  const id = RED.util.generateId();
  return messages.map((message, index) =>
    Object.assign(message, { parts: toParts(id, index, images.length, msg.parts) }),
  );
}

/** Removes a mask that was used, since the next node would inpaint by accident, and the failure of an earlier try. */
function copyMessage(
  RED: NodeAPI,
  { mask, maskType }: NanogptImageConfig,
  msg: Message,
  { request }: ResultInfo,
): Message {
  const { failure: _, ...copy } = msg;
  if (!request.mask || maskType !== 'msg') return copy;
  const path = RED.util.normalisePropertyExpression(mask, msg, false);
  return withoutProperty(copy, path);
}

/** The parts of an array as the split node sets them, with an earlier sequence nested inside. */
function toParts(id: string, index: number, count: number, outer: unknown): NonNullable<ImageMessage['parts']> {
  return { id, type: 'array', len: 1, index, count, ...defined({ parts: outer }) };
}

function toPayload({ bytes, mime }: GeneratedImage, output: NanogptImageConfig['output']): Buffer | string {
  if (output === 'dataUrl') return toDataUrl(mime, bytes);
  return output === 'base64' ? bytes.toString('base64') : bytes;
}

function toImageInfo(image: GeneratedImage, index: number, { request, generation }: ResultInfo): ImageInfo {
  const { bytes, ...rest } = image;
  const { cost } = generation;
  const count = generation.images.length;
  return defined({
    index,
    count,
    filename: nameFile(request.prompt, { time: Date.now(), index, count, extension: image.extension }),
    // The shares of the delivered images add up to the cost.
    cost: cost === undefined ? undefined : Number((cost / count).toPrecision(12)),
    ...rest,
    bytes: bytes.length,
  });
}

function toGenerationInfo({ request, generation, service, warnings }: ResultInfo): GenerationInfo {
  const { images: _, ...rest } = generation;
  const { prompt, n = 1, size, seed } = request;
  return { prompt, count: n, mode: readMode(request), service, ...rest, ...defined({ size, seed }), warnings };
}
