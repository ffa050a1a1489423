import { apiNames, reservedParameters } from '../config.js';

/** The settings that not every model takes, and for which it may list values or a range. */
export const OPTIONAL_FIELDS = [
  'negativePrompt',
  'quality',
  'outputFormat',
  'seed',
  'strength',
  'guidanceScale',
  'steps',
] as const;

/** API fields that have a place of their own in the dialog or come with the message: no further parameters. */
export const PLACED_API_FIELDS: ReadonlySet<string> = new Set([...Object.values(apiNames), ...reservedParameters]);
