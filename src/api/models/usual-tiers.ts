import type { Parameter } from './parameters.js';
import { type PriceQuery, tierFields } from './price.js';

/** What a model takes by itself for the fields that choose a price, where its list says so. */
export function usualTiers(model: { parameters: Record<string, Parameter> } | undefined): PriceQuery {
  const usual = tierFields.map((field) => [field, model?.parameters[field]?.default] as const);
  return Object.fromEntries(usual.filter(([, value]) => typeof value === 'string'));
}
