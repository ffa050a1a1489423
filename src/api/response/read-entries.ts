import { defined } from '../../defined.js';
import { isObject } from '../../json.js';
import { readAddress, readAddresses } from './read-address.js';

/** One entry of a response: the bytes of an image, or its URL; neither where it holds no image. */
export interface ImageEntry {
  bytes?: Buffer;
  url?: string;
  revisedPrompt?: string;
  /** The type that the service names, as in `image/svg+xml`. */
  mime?: string;
  /** The error that the entry holds instead of an image. */
  error?: object;
}

/** Gives the image that a value stands for; null where that was not base64, undefined where it stands for none. */
export type FindImage = (value: unknown) => Buffer | null | undefined;

/**
 * Where servers put the list of images, by `plainKey`: OpenAI, SiliconFlow, Replicate, Stability, Vertex, Gemini,
 * OpenRouter's chat. What is not here is looked at after these, where its name speaks of images.
 */
const listKeys = [
  'data',
  'images',
  'output',
  'outputs',
  'result',
  'results',
  'artifacts',
  'predictions',
  'candidates',
  'choices',
  'response',
  'item',
  'message',
  'delta',
  'content',
  'parts',
  'image',
];
const listRanks = new Map(listKeys.map((key, rank) => [key, rank]));

/** Names of other lists and objects that may hold images, and of those that hold the images of the request. */
const otherLists = /image|generat|result|output|picture/;
const requestLists = /input|initimage|sourceimage|reference|request|mask|param|usage|config/;

/** Names of base64 and of URLs; a status or response URL is no image. */
const base64Keys = /b64|base64/;
const urlKeys =
  /^((image|img|file|output|download|result|signed|public|media|cdn|asset|hosted)?(url|uri|href|src|link)s?|b64json|image|img|picture|sample)$/;

/** How deep lists may be nested. */
const maxDepth = 6;

/** Further entries are not read: no service makes as many at once. */
const maxEntries = 256;

/**
 * The entries of a response, whatever its shape: a list under one of
 * many names, a bare list, a single object, a single image.
 */
export function readEntries(body: unknown, findImage: FindImage): ImageEntry[] {
  const list = listIn(body, findImage, 0).slice(0, maxEntries);
  const entries = list.map((item) => ({ item, entry: readEntry(item, findImage) }));
  const hasImages = entries.some(({ entry }) => entry.bytes !== undefined || entry.url !== undefined);
  // Beside images there may be words, seeds and reasoning.
  return entries.filter(({ item, entry }) => !hasImages || isImageEntry(item, entry)).map(({ entry }) => entry);
}

/** Whether an entry holds an image, has a place for one, or says why it holds none. */
function isImageEntry(item: unknown, { bytes, url, error }: ImageEntry): boolean {
  if (item === null || bytes !== undefined || url !== undefined || Object.keys(error ?? {}).length > 0) return true;
  return isObject(item) && Object.keys(item).some((key) => isImageKey(plainKey(key)));
}

function listIn(value: unknown, findImage: FindImage, depth: number): unknown[] {
  if (depth > maxDepth) return [];
  if (Array.isArray(value)) return value.slice(0, maxEntries).flatMap((item) => spread(item, findImage, depth));
  if (findImage(value) !== undefined) return [value];
  if (!isObject(value)) return depth > 0 ? readAddresses(value) : [];
  if (isEntry(value, findImage)) return [value];
  for (const key of keysOfLists(value)) {
    const found = listIn(value[key], findImage, depth + 1);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * The entries in an item of a list: itself, or those of a list that it holds, as in a chat's
 * `choices[0].message.images`.
 */
function spread(item: unknown, findImage: FindImage, depth: number): unknown[] {
  if (isObject(item) ? isEntry(item, findImage) || 'error' in item : !Array.isArray(item)) return [item];
  const found = listIn(item, findImage, depth + 1);
  return found.length > 0 ? found : [item];
}

/** The keys under which an object may hold entries, the likeliest first. */
function keysOfLists(value: Record<string, unknown>): string[] {
  const ranked: [key: string, rank: number][] = [];
  for (const key of Object.keys(value)) {
    const plain = plainKey(key);
    const rank = listRanks.get(plain) ?? (mayHoldList(plain, value[key]) ? listKeys.length : undefined);
    if (rank !== undefined) ranked.push([key, rank]);
  }
  return ranked.sort(([, one], [, other]) => one - other).map(([key]) => key);
}

function mayHoldList(plain: string, value: unknown): boolean {
  if (requestLists.test(plain)) return false;
  return otherLists.test(plain) || (Array.isArray(value) && isImageKey(plain));
}

/** A name in lower case, without what separates its words. */
function plainKey(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}

function isImageKey(plain: string): boolean {
  return base64Keys.test(plain) || urlKeys.test(plain);
}

function isEntry(value: Record<string, unknown>, findImage: FindImage): boolean {
  return bytesIn(value, findImage) !== undefined || addressIn(value, findImage) !== undefined;
}

function readEntry(item: unknown, findImage: FindImage): ImageEntry {
  const direct = findImage(item);
  if (direct) return { bytes: direct };
  if (!isObject(item)) return defined({ url: readAddress(item) });
  const bytes = bytesIn(item, findImage) ?? undefined;
  const url = bytes ? undefined : addressIn(item, findImage);
  const { revised_prompt: revisedPrompt, media_type: mediaType, mime_type: mimeType, content_type: contentType } = item;
  const mime = [mediaType, mimeType, contentType].find(
    (type): type is string => typeof type === 'string' && /^image\/[\w.+-]{1,60}$/.test(type),
  );
  return {
    ...defined({ bytes, url, mime }),
    ...(typeof revisedPrompt === 'string' && revisedPrompt !== '' && { revisedPrompt }),
    ...(!bytes && url === undefined && { error: refusalIn(item) ?? {} }),
  };
}

/**
 * The image in an object or in an object within; null where what should
 * be one is not base64, undefined where there is none.
 */
function bytesIn(item: Record<string, unknown>, findImage: FindImage): Buffer | null | undefined {
  let isBroken = false;
  for (const key of Object.keys(item)) {
    const value = item[key];
    const image = findImage(value);
    const isHolder = image === undefined && isObject(value) && !requestLists.test(plainKey(key));
    const images = isHolder ? Object.values(value).map(findImage) : [image];
    for (const each of images) {
      if (each && each.length > 0) return each;
      isBroken ||= each === null;
    }
  }
  return isBroken ? null : undefined;
}

function addressIn(value: Record<string, unknown>, findImage: FindImage): string | undefined {
  for (const [key, entry] of Object.entries(value)) {
    const plain = plainKey(key);
    if (!urlKeys.test(plain) || findImage(entry) !== undefined) continue;
    // Any value of this key is meant as a URL.
    const found = readAddress(isObject(entry) ? entry.url : entry, { isCertain: plain === 'url' });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why an entry holds no image, as an error: its own, or the flag of a content filter. */
function refusalIn(item: Record<string, unknown>): object | undefined {
  if (isObject(item.error) || typeof item.error === 'string') return { error: item.error };
  const reason = [item.finish_reason, item.finishReason, item.raiFilteredReason, item.rai_reason, item.status].find(
    (value): value is string => typeof value === 'string',
  );
  const isFiltered =
    item.respect_moderation === false ||
    item.is_image_safe === false ||
    item.moderated === true ||
    item.nsfw === true ||
    item.has_nsfw_content === true ||
    item.flagged === true;
  if (isFiltered || /filter|safety|nsfw|moderat|prohibited/i.test(reason ?? ''))
    return { error: { code: 'content_filter', message: reason ?? 'moderated' } };
  return undefined;
}
