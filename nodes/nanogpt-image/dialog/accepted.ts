import { type Accepts, numberIn } from '../../shared/editor/validators.js';

/** The fields that hold a number, and which they accept; nothing is fine. */
export const numberFields = {
  count: isCount,
  seed: isWhole,
  strength: numberIn(0, 1),
  guidanceScale: numberIn(0, 20),
  steps: numberIn(1, 100, 'whole'),
} as const satisfies Record<string, Accepts>;

/** Accepts anything but nothing. */
export function isFilled(value: string): boolean {
  return value !== '';
}

function isCount(value: string): boolean {
  return numberIn(1, Number.MAX_SAFE_INTEGER, 'whole')(value, '');
}

function isWhole(value: string): boolean {
  return numberIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'whole')(value, '');
}

/** Accepts an object of further API fields, or nothing. Those that the node itself must set are refused, as at run time. */
export function isParameters(value: string): boolean {
  if (value === '') return true;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
    return !Object.keys(parsed).some((key) => /^(prompt|stream|partial_images|imageDataUrls?|maskDataUrls?)$/.test(key));
  } catch {
    return false;
  }
}
