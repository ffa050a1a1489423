import { isObject } from '../../json.js';

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

/** Where servers put the list of images: OpenAI, SiliconFlow, Replicate, Stability, Vertex, OpenRouter's chat. */
const listKeys = [
  'data',
  'images',
  'output',
  'outputs',
  'result',
  'results',
  'artifacts',
  'predictions',
  'choices',
  'message',
  'content',
  'image',
];

/** Where they put the URL of one. */
const urlKeys = [
  'url',
  'image_url',
  'imageUrl',
  'image',
  'uri',
  'href',
  'src',
  'file_url',
  'download_url',
  'output_url',
];

/** How deep lists may be nested. */
const maxDepth = 6;

/** Further entries are not read: no service makes as many at once. */
export const maxEntries = 256;

/** The entries of a response, whatever its shape: a list under one of many names, a bare list, a single object, a single image. */
export function readEntries(body: unknown, findImage: FindImage): ImageEntry[] {
  return listIn(body, findImage, 0)
    .slice(0, maxEntries)
    .map((item) => readEntry(item, findImage));
}

function listIn(value: unknown, findImage: FindImage, depth: number): unknown[] {
  if (depth > maxDepth) return [];
  if (Array.isArray(value))
    return depth > 0 && value.length === 1 && isHolder(value[0], findImage)
      ? listIn(value[0], findImage, depth + 1)
      : value;
  if (findImage(value) !== undefined) return [value];
  if (!isObject(value)) return depth > 0 && isAddress(value) ? [value] : [];
  if (isEntry(value, findImage)) return [value];
  for (const key of listKeys) {
    const found = key in value ? listIn(value[key], findImage, depth + 1) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** An object that is not an entry but holds a list of them, as in a chat's `choices[0].message.images`. */
function isHolder(value: unknown, findImage: FindImage): boolean {
  return (
    isObject(value) &&
    !isEntry(value, findImage) &&
    !('error' in value) &&
    listKeys.some((key) => isObject(value[key]) || Array.isArray(value[key]))
  );
}

function isEntry(value: Record<string, unknown>, findImage: FindImage): boolean {
  return Object.values(value).some((entry) => findImage(entry) !== undefined) || addressIn(value) !== undefined;
}

function readEntry(item: unknown, findImage: FindImage): ImageEntry {
  const direct = findImage(item);
  if (direct) return { bytes: direct };
  if (typeof item === 'string') return isAddress(item) ? { url: item } : {};
  if (!isObject(item)) return {};
  const bytes = Object.values(item)
    .map(
      (value) =>
        findImage(value) ??
        (isObject(value)
          ? Object.values(value)
              .map(findImage)
              .find((image) => image)
          : undefined),
    )
    .find((image) => image && image.length > 0);
  const url = bytes ? undefined : addressIn(item);
  const { revised_prompt: revisedPrompt, media_type: mediaType, mime_type: mimeType, content_type: contentType } = item;
  const mime = [mediaType, mimeType, contentType].find(
    (type): type is string => typeof type === 'string' && /^image\/[\w.+-]{1,60}$/.test(type),
  );
  return {
    ...(bytes && { bytes }),
    ...(url !== undefined && { url }),
    ...(typeof revisedPrompt === 'string' && revisedPrompt !== '' && { revisedPrompt }),
    ...(mime !== undefined && { mime }),
    ...(!bytes && url === undefined && { error: refusalIn(item) ?? {} }),
  };
}

function addressIn(value: Record<string, unknown>): string | undefined {
  for (const key of urlKeys) {
    const entry = value[key];
    // Any value of this key is meant as a URL.
    if (key === 'url' && typeof entry === 'string' && entry.trim() !== '') return entry;
    if (isAddress(entry)) return entry;
    if (isObject(entry) && isAddress(entry.url)) return entry.url;
  }
  return undefined;
}

/** An http(s) URL, or a path on the server: some give only that. */
function isAddress(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length < 16_000 &&
    /^\s*(https?:\/\/|\/(?!9j\/)|\.{0,2}\/?[\w%-]+\/[\w%./-]+\.\w{3,4}(\?|$))/i.test(value)
  );
}

/** Why an entry holds no image, as an error: its own, or the flag of a content filter. */
function refusalIn(item: Record<string, unknown>): object | undefined {
  if (isObject(item.error) || typeof item.error === 'string') return { error: item.error };
  const reason = [item.finish_reason, item.finishReason, item.raiFilteredReason, item.rai_reason, item.status].find(
    (value): value is string => typeof value === 'string',
  );
  const isFiltered =
    item.respect_moderation === false ||
    item.moderated === true ||
    item.nsfw === true ||
    item.has_nsfw_content === true ||
    item.flagged === true;
  if (isFiltered || /filter|safety|nsfw|moderat|prohibited/i.test(reason ?? ''))
    return { error: { code: 'content_filter', message: reason ?? 'moderated' } };
  return undefined;
}
