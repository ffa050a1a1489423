import type { Service } from '../api/services.js';
import { defined } from '../defined.js';
import { type GeneratedImage, type Generation, type GenerationRequest, readMode } from '../generation.js';
import { nameFile } from '../image/file-name.js';
import type { HistoryImage, HistoryItem } from './history-item.js';

/** What images are recorded with. */
export interface RecordDetails {
  /** When they came, in milliseconds since the epoch. */
  time: number;
  requestId: string;
  nodeId?: string;
  digest?: string;
  service?: Service;
}

/**
 * The images of a request for the history, which has to copy the bytes at once: a flow may change those that it gets.
 */
export function toHistoryImages(
  request: GenerationRequest,
  generation: Pick<Generation, 'images'> & Partial<Generation>,
  { time, requestId, nodeId, digest, service }: RecordDetails,
): HistoryImage[] {
  const { images, model = request.model, cost, currency, durationMs } = generation;
  const { prompt, size, seed } = request;
  const count = images.length;
  const share = cost === undefined ? undefined : cost / count;
  const shared = { time, prompt, mode: readMode(request), requestId, count };
  const details = { nodeId, digest, service, model, size, seed, durationMs, cost: share };
  return images.map((image, index) =>
    Object.assign(
      toImage(prompt, image, { index, ...shared }),
      defined({ currency: share === undefined ? undefined : currency, ...details }),
    ),
  );
}

/** An image of the history as it is delivered again; the bytes are those of the history. */
export function toGeneratedImage(item: HistoryItem, content: Buffer): GeneratedImage {
  const { mime, extension, width, height, revisedPrompt } = item;
  return { bytes: content, mime, extension, ...defined({ width, height, revisedPrompt }) };
}

function toImage(
  prompt: string,
  { bytes, mime, extension, width, height, revisedPrompt }: GeneratedImage,
  shared: Pick<HistoryItem, 'time' | 'prompt' | 'mode' | 'requestId' | 'index' | 'count'>,
): HistoryImage {
  return {
    bytes: bytes.length,
    mime,
    extension,
    ...shared,
    ...defined({ width, height, revisedPrompt }),
    filename: nameFile(prompt, { extension, ...shared }),
    content: bytes,
  };
}
