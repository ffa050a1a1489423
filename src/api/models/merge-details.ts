import { isObject } from '../../json.js';
import { toPricing } from './price-rows.js';

/**
 * An entry of a list with what the page of its endpoints says of parameters, prices and input images (NanoGPT docs:
 * image models).
 */
export function mergeDetails(entry: Record<string, unknown>, page: unknown): Record<string, unknown> {
  const endpoints = isObject(page) && Array.isArray(page.endpoints) ? page.endpoints.filter(isObject) : [];
  const [first] = endpoints;
  if (!first) return entry;
  const rows = endpoints.flatMap(({ pricing }) => (Array.isArray(pricing) ? (pricing as unknown[]) : []));
  const pricing = toPricing(rows);
  const { supported_parameters: parameters, input_reference_constraints: constraints } = first;
  return {
    ...entry,
    ...(isObject(parameters) && {
      supported_parameters: { ...(isObject(entry.supported_parameters) && entry.supported_parameters), ...parameters },
    }),
    ...(pricing && { pricing }),
    ...(constraints !== undefined && { input_reference_constraints: constraints }),
  };
}
