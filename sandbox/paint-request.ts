import { modelFor, type SandboxModel } from './models.js';
import { invalid, HttpError } from './simulated-errors.js';

/** A checked request for images. */
export interface PaintRequest {
  prompt: string;
  model: SandboxModel;
  count: number;
  /** Absent: as the first input image, or 1024 by 1024. */
  size?: { width: number; height: number };
  responseFormat: 'b64_json' | 'url';
  outputFormat: 'png' | 'jpeg' | 'webp';
  images: Buffer[];
  mask?: Buffer;
  strength: number;
  seed?: number;
}

const sides = { smallest: 64, largest: 2048 };

/**
 * Checks the body of a request for images. Fields it does not know are let through, as the real service does.
 *
 * @throws HttpError with the 400 that says which parameter is wrong.
 */
export function readPaintRequest(body: Record<string, unknown>): PaintRequest {
  const prompt = body.prompt;
  if (typeof prompt !== 'string' || prompt.trim() === '')
    throw new HttpError(
      invalid('The parameter prompt is required and must be text.', 'prompt', 'missing_required_parameter'),
    );
  const model = modelFor(text(body, 'model') ?? 'sandbox/painter');
  const images = readImages(body);
  const mask = body.maskDataUrl == null ? undefined : readDataUrl(body.maskDataUrl, 'maskDataUrl');
  checkAbilities(model, images.length, mask !== undefined);
  const size = readSize(text(body, 'size'));
  const seed = number(body, 'seed', { whole: true });
  number(body, 'guidance_scale', { low: 0, high: 20 });
  number(body, 'num_inference_steps', { whole: true, low: 1, high: 100 });
  return {
    prompt,
    model,
    count: number(body, 'n', { whole: true, low: 1, high: model.maxImages }) ?? 1,
    responseFormat: readChoice(body, 'response_format', ['b64_json', 'url']) ?? 'b64_json',
    outputFormat: readFormat(body),
    images,
    strength: number(body, 'strength', { low: 0, high: 1 }) ?? 0.8,
    ...(size && { size }),
    ...(mask && { mask }),
    ...(seed !== undefined && { seed }),
  };
}

function readImages(body: Record<string, unknown>): Buffer[] {
  const single = body.imageDataUrl == null ? [] : [readDataUrl(body.imageDataUrl, 'imageDataUrl')];
  if (body.imageDataUrls == null) return single;
  if (!Array.isArray(body.imageDataUrls))
    throw new HttpError(invalid('imageDataUrls must be an array of base64 data URLs.', 'imageDataUrls'));
  return [...single, ...body.imageDataUrls.map((url: unknown) => readDataUrl(url, 'imageDataUrls'))];
}

function readDataUrl(value: unknown, field: string): Buffer {
  const data = typeof value === 'string' ? /^data:image\/[\w.+-]+;base64,/i.exec(value.slice(0, 100)) : null;
  const bytes = data ? Buffer.from((value as string).slice(data[0].length), 'base64') : Buffer.alloc(0);
  if (bytes.length === 0)
    throw new HttpError(
      invalid(`${field} must hold base64 data URLs of images (data:image/png;base64,...).`, field, 'invalid_image'),
    );
  return bytes;
}

function checkAbilities(model: SandboxModel, inputs: number, mask: boolean): void {
  if (mask && inputs === 0) throw new HttpError(invalid('maskDataUrl needs an image in imageDataUrl.', 'maskDataUrl'));
  if (mask && !model.inpainting)
    throw new HttpError(invalid(`${model.id} cannot paint inside a mask.`, 'maskDataUrl', 'unsupported_parameter'));
  if (inputs > 0 && !model.image)
    throw new HttpError(invalid(`${model.id} takes no input images.`, 'imageDataUrl', 'unsupported_parameter'));
  if (inputs === 0 && !model.text)
    throw new HttpError(
      invalid(`${model.id} needs an input image in imageDataUrl.`, 'imageDataUrl', 'missing_required_parameter'),
    );
  if (inputs > model.inputs)
    throw new HttpError({
      status: 400,
      body: {
        error: `Too many input images. ${model.id} takes at most ${model.inputs}.`,
        code: 'IMAGE_INPUT_TOO_MANY',
      },
    });
}

function readSize(size: string | undefined): PaintRequest['size'] {
  if (size === undefined || size === 'auto') return undefined;
  const [, width, height] = /^(\d{1,5})[x*](\d{1,5})$/i.exec(size.trim())?.map(Number) ?? [];
  const fits = (side: number | undefined): side is number =>
    side !== undefined && side >= sides.smallest && side <= sides.largest;
  if (fits(width) && fits(height)) return { width, height };
  throw new HttpError(
    invalid(
      `Invalid size. Use WIDTHxHEIGHT with sides from ${sides.smallest} to ${sides.largest} pixels, such as 1024x1024.`,
      'size',
      'invalid_size',
    ),
  );
}

function readFormat(body: Record<string, unknown>): PaintRequest['outputFormat'] {
  const format = readChoice(body, 'output_format', ['png', 'jpeg', 'jpg', 'webp']) ?? 'png';
  return format === 'jpg' ? 'jpeg' : format;
}

function text(body: Record<string, unknown>, field: string): string | undefined {
  const value = body[field];
  if (value == null || value === '') return undefined;
  if (typeof value !== 'string') throw new HttpError(invalid(`${field} must be text.`, field));
  return value;
}

function readChoice<T extends string>(
  body: Record<string, unknown>,
  field: string,
  allowed: readonly T[],
): T | undefined {
  const value = text(body, field);
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (!found) throw new HttpError(invalid(`${field} must be one of ${allowed.join(', ')}.`, field));
  return found;
}

function number(
  body: Record<string, unknown>,
  field: string,
  { whole = false, low = -Infinity, high = Infinity }: { whole?: boolean; low?: number; high?: number },
): number | undefined {
  const value = body[field];
  if (value == null) return undefined;
  const wrong = typeof value !== 'number' || (whole && !Number.isSafeInteger(value)) || value < low || value > high;
  const range = Number.isFinite(low) ? ` from ${low} to ${high}` : '';
  if (wrong) throw new HttpError(invalid(`${field} must be a ${whole ? 'whole ' : ''}number${range}.`, field));
  return value;
}
