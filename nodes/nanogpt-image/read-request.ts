import type { Node, NodeAPI } from 'node-red';
import { ImageError } from '../../src/errors.js';
import type { GenerationRequest, InputImage } from '../../src/generation.js';
import { type FetchAddress, isHttpUrl, looksLikeImage, toInputImages } from '../../src/image/input-images.js';
import type { Message } from '../shared/message.js';
import type { NanogptImageConfig } from './config.js';
import { type Evaluate, type Field, evaluator, fieldName } from './evaluate.js';
import { type Given, apiFields, describeValue, readParameters, toFields } from './fields.js';
import { renderPrompt } from './template.js';

/** All that a message is read with. */
interface Reading {
  config: NanogptImageConfig;
  msg: Message;
  evaluate: Evaluate;
  fetchAddress: FetchAddress;
}

/** Who reads, and how images that are named by an address are had. */
export interface Reader {
  RED: NodeAPI;
  node: Node;
  fetchAddress: FetchAddress;
}

/**
 * What a message asks for, by the settings of the node.
 *
 * @throws ImageError `invalid_input` naming the field that cannot become part of a request.
 */
export async function readRequest(
  { RED, node, fetchAddress }: Reader,
  config: NanogptImageConfig,
  msg: Message,
): Promise<GenerationRequest> {
  const reading: Reading = { config, msg, evaluate: evaluator(RED, node, msg), fetchAddress };
  const { prompt, imageInPrompt } = await readPrompt(reading);
  const images = imageInPrompt ?? (await readImages(reading));
  const mask = await readMask(reading, images);
  return { prompt, ...toFields(await readFields(reading)), images, ...(mask && { mask }) };
}

/** The prompt; where it shares its property with the image and that holds one, the image too, and `msg.prompt` is the prompt. */
async function readPrompt({
  config,
  msg,
  evaluate,
  fetchAddress,
}: Reading): Promise<{ prompt: string; imageInPrompt?: InputImage[] }> {
  const field = fieldOf(config, 'prompt');
  if (field.type === 'str') return { prompt: nonBlank(await renderPrompt(field.value, msg, evaluate)) };
  const value = await evaluate(field);
  const shared = field.value === config.image && field.type === config.imageType;
  if (!looksLikeImage(value)) return { prompt: textOf(value, fieldName(field)), ...(shared && { imageInPrompt: [] }) };
  const images = shared ? { imageInPrompt: await toInputImages(value, fieldName(field), fetchAddress) } : {};
  if (typeof msg.prompt !== 'string' || msg.prompt.trim() === '') {
    throw new ImageError('invalid_input', 'no_prompt_beside_image', { source: fieldName(field), field: 'msg.prompt' });
  }
  return { prompt: msg.prompt, ...images };
}

function nonBlank(prompt: string): string {
  if (prompt.trim() === '') throw new ImageError('invalid_input', 'empty_prompt');
  return prompt;
}

function textOf(value: unknown, field: string): string {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === ''))
    throw new ImageError('invalid_input', 'no_prompt', { field });
  if (typeof value !== 'string')
    throw new ImageError('invalid_input', 'prompt_not_text', { field, found: describeValue(value) });
  return value;
}

/** The input images. At the default property, what cannot be meant as an image is only the trigger of the flow. */
async function readImages({ config, evaluate, fetchAddress }: Reading): Promise<InputImage[]> {
  const field = fieldOf(config, 'image');
  const value = await evaluate(field);
  const isDefault = field.value === 'payload' && field.type === 'msg';
  if (isDefault ? !looksLikeImage(value) && !isHttpUrl(value) : isNothing(value)) return [];
  return toInputImages(value, fieldName(field), fetchAddress);
}

async function readMask(
  { config, evaluate, fetchAddress }: Reading,
  images: InputImage[],
): Promise<InputImage | undefined> {
  const field = fieldOf(config, 'mask');
  const value = await evaluate(field);
  if (isNothing(value)) return undefined;
  const [mask, ...more] = await toInputImages(value, fieldName(field), fetchAddress);
  if (more.length > 0)
    throw new ImageError('invalid_input', 'one_mask', { field: fieldName(field), count: more.length + 1 });
  if (images.length === 0)
    throw new ImageError('invalid_input', 'mask_without_image', {
      field: fieldName(field),
      image: fieldName(fieldOf(config, 'image')),
    });
  return mask;
}

async function readFields({ config, evaluate }: Reading): Promise<Map<string, Given>> {
  const typed = Object.entries(apiFields).map(async ([setting, { name }]): Promise<[string, Given]> => {
    const field = fieldOf(config, setting as keyof typeof apiFields);
    return [
      name,
      {
        value: await evaluate(field),
        field: field.type === 'str' || field.type === 'num' ? setting : `${setting} (${fieldName(field)})`,
      },
    ];
  });
  const parameters = fieldOf(config, 'parameters');
  return new Map([
    ...(await Promise.all(typed)),
    ['response_format', { value: config.responseFormat, field: 'responseFormat' }],
    ['kontext_max_mode', { value: config.kontextMaxMode, field: 'kontextMaxMode' }],
    ...readParameters(await evaluate(parameters), fieldName(parameters)),
  ]);
}

function fieldOf(
  config: NanogptImageConfig,
  name: 'prompt' | 'image' | 'mask' | 'parameters' | keyof typeof apiFields,
): Field {
  return { name, value: config[name], type: config[`${name}Type`] };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
