import type { Node, NodeAPI } from 'node-red';
import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';
import type { GenerationRequest, InputImage, Warning } from '../../src/generation.js';
import { isBinary, isHttpUrl, isPath } from '../../src/image/encoded-text.js';
import { type FetchAddress, looksLikeImage, toInputImages } from '../../src/image/input-images.js';
import { longestText } from '../../src/limits.js';
import type { Message } from '../shared/message.js';
import type { NanogptImageConfig } from './config.js';
import { type Evaluate, type Field, evaluator, fieldName } from './evaluate.js';
import { type FieldValue, apiFields, describeValue, isBlank, readParameters, toFields } from './fields.js';
import { renderPrompt } from './template.js';

/** What reading a message needs. */
interface Reading {
  config: NanogptImageConfig;
  msg: Message;
  evaluate: Evaluate;
  fetchAddress: FetchAddress;
}

/** The node that reads, and how it downloads images by URL. */
export interface Reader {
  RED: NodeAPI;
  node: Node;
  fetchAddress: FetchAddress;
}

/** The prompt as it was read. */
interface ReadPrompt {
  prompt: string;
  /** The images in the prompt's property, where the image is read from the same one. */
  images?: InputImage[];
  warnings?: Warning[];
}

/**
 * Reads the request from a message, by the settings of the node.
 *
 * @throws ImageError `invalid_input` naming the field that cannot be used.
 */
export async function readRequest(
  { RED, node, fetchAddress }: Reader,
  config: NanogptImageConfig,
  msg: Message,
): Promise<{ request: GenerationRequest; warnings: Warning[] }> {
  const reading: Reading = { config, msg, evaluate: evaluator(RED, node, msg), fetchAddress };
  const { prompt, images: found, warnings = [] } = await readPrompt(reading);
  const images = found ?? (await readImages(reading));
  const mask = await readMask(reading, images);
  const fields = toFields(await readFields(reading));
  return { request: { prompt, ...fields, images, ...defined({ mask }) }, warnings };
}

/** Reads the prompt. Where its property holds an image, `msg.prompt` is the prompt. */
async function readPrompt(reading: Reading): Promise<ReadPrompt> {
  const { config, msg, evaluate } = reading;
  const field = toField(config, 'prompt');
  if (field.type === 'str') return readTemplate(field.value, msg, evaluate);
  const value = await evaluate(field);
  const isShared = field.value === config.image && field.type === config.imageType;
  if (!looksLikeImage(value)) {
    if (isShared && isHttpUrl(value) && isPrompt(msg.prompt))
      throw new ImageError('invalid_input', 'address_beside_prompt', { field: fieldName(field) });
    return { prompt: readText(value, fieldName(field)), ...(isShared && { images: [] }) };
  }
  const images = isShared ? await readImageValue(value, field, reading) : undefined;
  if (!isPrompt(msg.prompt))
    throw new ImageError('invalid_input', 'no_prompt_beside_image', { source: fieldName(field), field: 'msg.prompt' });
  return { prompt: readText(msg.prompt, 'msg.prompt'), ...defined({ images }) };
}

async function readTemplate(template: string, msg: Message, evaluate: Evaluate): Promise<ReadPrompt> {
  const { prompt, warnings } = await renderPrompt(template, msg, evaluate);
  if (prompt.trim() === '') throw new ImageError('invalid_input', 'empty_prompt');
  return { prompt: readText(prompt, 'prompt'), warnings };
}

function isPrompt(value: unknown): value is string {
  return typeof value === 'string' && !isBlank(value);
}

/** Text, but not the content of a file, which may be in `msg.prompt` too. */
function readText(value: unknown, field: string): string {
  if (isBlank(value)) throw new ImageError('invalid_input', 'no_prompt', { field });
  if (typeof value !== 'string' || looksLikeImage(value) || isObjectText(value))
    throw new ImageError('invalid_input', 'prompt_not_text', { field, found: describeValue(value) });
  if (value.length > longestText) throw tooLong(field);
  if (isBinary(value)) throw new ImageError('invalid_input', 'bytes_as_text', { field });
  return value;
}

/** Whether an object was made a text before, as in `'' + msg.payload`. */
function isObjectText(text: string): boolean {
  return text.length < 100 && /^\s*\[object \w{1,40}\]\s*$/.test(text);
}

function tooLong(field: string): ImageError {
  return new ImageError('too_large', 'text_too_long', { field, limit: longestText });
}

/** Reads the input images. In the default property, a value that cannot be meant as an image is only a trigger. */
async function readImages(reading: Reading): Promise<InputImage[]> {
  const field = toField(reading.config, 'image');
  const value = await reading.evaluate(field);
  const isDefault = field.value === 'payload' && field.type === 'msg';
  if (isDefault ? isTrigger(value, fieldName(field)) : isNothing(value)) return [];
  return readImageValue(value, field, reading);
}

/**
 * Whether a payload only triggers the flow: a sensor's `true`, an Inject's timestamp, a short text.
 *
 * @throws ImageError `invalid_input` for the path of a file.
 */
function isTrigger(value: unknown, field: string): boolean {
  if (looksLikeImage(value) || isHttpUrl(value)) return false;
  if (typeof value !== 'string') return true;
  if (value.length > longestText) throw tooLong(field);
  if (isPath(value)) throw new ImageError('invalid_input', 'path_not_read', { field });
  return true;
}

async function readImageValue(
  value: unknown,
  field: Field,
  { msg, fetchAddress }: Pick<Reading, 'msg' | 'fetchAddress'>,
): Promise<InputImage[]> {
  if (fieldName(field) === 'msg.payload' && isPiece(msg.parts))
    throw new ImageError('invalid_input', 'piece_of_file', { field: 'msg.payload' });
  return toInputImages(value, fieldName(field), fetchAddress);
}

/** Whether a message is one part of a file, from a file in or split node. */
function isPiece(parts: unknown): boolean {
  const { type, count } = (parts ?? {}) as { type?: unknown; count?: unknown };
  return type === 'buffer' && count !== 1;
}

async function readMask(
  { config, evaluate, fetchAddress }: Reading,
  images: InputImage[],
): Promise<InputImage | undefined> {
  const field = toField(config, 'mask');
  const value = await evaluate(field);
  if (isNothing(value)) return undefined;
  const [mask, ...more] = await toInputImages(value, fieldName(field), fetchAddress);
  if (more.length > 0)
    throw new ImageError('invalid_input', 'one_mask', { field: fieldName(field), count: more.length + 1 });
  if (images.length === 0)
    throw new ImageError('invalid_input', 'mask_without_image', {
      field: fieldName(field),
      image: fieldName(toField(config, 'image')),
    });
  return mask;
}

async function readFields({ config, evaluate }: Reading): Promise<Map<string, FieldValue>> {
  const set = Object.entries(apiFields).filter(([setting]) => !isNothing(config[setting as keyof typeof apiFields]));
  const typed = set.map(async ([setting, { name }]): Promise<[string, FieldValue]> => {
    const field = toField(config, setting as keyof typeof apiFields);
    const title = field.type === 'str' || field.type === 'num' ? setting : `${setting} (${fieldName(field)})`;
    return [name, { value: await evaluate(field), field: title }];
  });
  const parameters = toField(config, 'parameters');
  return new Map([
    ...(await Promise.all(typed)),
    ['response_format', { value: config.responseFormat, field: 'responseFormat' }],
    ['kontext_max_mode', { value: config.kontextMaxMode, field: 'kontextMaxMode' }],
    ...readParameters(await evaluate(parameters), fieldName(parameters)),
  ]);
}

function toField(
  config: NanogptImageConfig,
  name: 'prompt' | 'image' | 'mask' | 'parameters' | keyof typeof apiFields,
): Field {
  return { name, value: config[name], type: config[`${name}Type`] };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
