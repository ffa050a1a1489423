import { asObject, isObject } from '../../json.js';
import { findEntries } from './read-models.js';

/** The lists that a service has of its models; absent = it has none, or did not answer. */
export interface ModelLists {
  /** With prices and sizes. */
  priced?: unknown;
  /** With types, ranges and defaults of the parameters. */
  typed?: unknown;
  /** The models that a subscription covers. */
  included?: unknown;
}

type Entry = Record<string, unknown>;

/**
 * One list of what several say, by id (NanoGPT docs: image models); undefined where none of the first two is a list.
 */
export function mergeLists({ priced, typed, included }: ModelLists): unknown[] | undefined {
  const [first, second] = [findEntries(priced), findEntries(typed)];
  if (!first || !second) return markIncluded(first ?? second, included);
  const described = new Map(second.filter(isObject).map((entry) => [entry.id, entry]));
  const merged = first.map((entry) => {
    if (!isObject(entry)) return entry;
    const other = described.get(entry.id);
    described.delete(entry.id);
    return other ? mergeEntries(entry, other) : entry;
  });
  return markIncluded([...merged, ...described.values()], included);
}

/** What the list with prices says counts first; of a parameter, its type. */
function mergeEntries(priced: Entry, typed: Entry): Entry {
  return {
    ...typed,
    ...priced,
    supported_parameters: { ...asObject(priced.supported_parameters), ...asObject(typed.supported_parameters) },
  };
}

function markIncluded(entries: unknown[] | undefined, included: unknown): unknown[] | undefined {
  const ids = new Set((findEntries(included) ?? []).map((entry) => (isObject(entry) ? entry.id : entry)));
  if (!entries || ids.size === 0) return entries;
  return entries.map((entry) => (isObject(entry) && ids.has(entry.id) ? { ...entry, included: true } : entry));
}
