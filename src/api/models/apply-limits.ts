import { ImageError } from '../../errors.js';
import type { GenerationRequest } from '../../generation.js';
import type { ImageRules } from '../../image/size-budget.js';
import { defined } from '../../defined.js';
import type { InputLimits } from './input-limits.js';

/** Formats that any image can be converted to; a model that names neither is not taken at its word. */
const writable = ['image/png', 'image/jpeg'];

/** The rules of a service, narrowed to what a model takes. */
export function applyLimits(rules: ImageRules, { bytes, formats = [] }: InputLimits): ImageRules {
  const taken = rules.formats.filter((format) => formats.includes(format));
  const isUsable = taken.some((format) => writable.includes(format));
  return { ...rules, ...(isUsable && { formats: taken }), ...defined({ file: bytes }) };
}

/**
 * Refuses images that fitting cannot help.
 *
 * @throws ImageError `invalid_input` for more images than the model takes, or smaller ones.
 */
export function checkInputs(
  { images, model = '' }: Pick<GenerationRequest, 'images' | 'model'>,
  { max = Infinity, minWidth = 0, minHeight = 0 }: InputLimits,
): void {
  if (images.length > max)
    throw new ImageError('invalid_input', 'too_many_for_model', { model, max, count: images.length });
  const small = images.find(({ width, height }) => width < minWidth || height < minHeight);
  if (small)
    throw new ImageError('invalid_input', 'too_small_for_model', {
      model,
      field: small.name ?? 'image',
      size: `${small.width}x${small.height}`,
      min: `${minWidth}x${minHeight}`,
    });
}
