import { type Accepts, isNumberBetween } from '../../shared/editor/validators.js';
import { ranges, reservedParameters } from '../config.js';

/** The fields that hold a number, with what they accept; blank is valid. */
export const numberFields = {
  count: isInRange('count'),
  seed: isInRange('seed'),
  strength: isInRange('strength'),
  guidanceScale: isInRange('guidanceScale'),
  steps: isInRange('steps'),
} as const satisfies Partial<Record<keyof typeof ranges, Accepts>>;

/** Accepts a prompt that is not blank and whose tags are all closed. */
export function isPrompt(value: string): boolean {
  return value !== '' && hasClosedTags(value);
}

/** Checks tags like the template engine of the runtime; a template that changes the delimiters passes. */
function hasClosedTags(prompt: string): boolean {
  const sections: string[] = [];
  for (const [, kind, name = ''] of prompt.matchAll(/\{\{\s*([#^/=]?)\s*([^{}]*?)\s*\}\}/g)) {
    if (kind === '=') return true;
    if (kind === '/' && sections.pop() !== name) return false;
    if (kind === '#' || kind === '^') sections.push(name);
  }
  return sections.length === 0 && !prompt.replace(/\{\{[^]*?\}\}/g, '').includes('{{');
}

/**
 * Accepts an object of further API fields, or nothing. Fields that only the node may set are refused, as at run time.
 */
export function isParameters(value: string): boolean {
  if (value === '') return true;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
    return !Object.keys(parsed).some((key) => reservedParameters.has(key));
  } catch {
    return false;
  }
}

/** Accepts WIDTHxHEIGHT with sides that can be delivered, or nothing. */
export function isOutputSize(value: string): boolean {
  const { min, max } = ranges.outputSide;
  const sides = /^(\d+)\s*[x*×]\s*(\d+)$/i.exec(value)?.slice(1).map(Number) ?? [];
  return value === '' || (sides.length === 2 && sides.every((side) => side >= min && side <= max));
}

function isInRange(field: keyof typeof ranges): Accepts {
  const { min, max, whole } = ranges[field];
  return whole ? isNumberBetween(min, max, 'whole') : isNumberBetween(min, max);
}
