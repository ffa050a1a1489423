import { isObject } from '../../src/json.js';

/** API fields are few and short; more is a mistake that would block Node-RED. */
const maxValues = 10_000;
const maxCharacters = 1_000_000;
const deepest = 50;

/** A copy of a value as JSON would hold it; undefined where it is too large, nested too deep, or holds bytes. */
export function toPlainJson(value: unknown): unknown {
  let values = 0;
  let characters = 0;
  const count = (text = ''): boolean => ++values <= maxValues && (characters += text.length) <= maxCharacters;
  const copy = (given: unknown, depth: number): unknown => {
    const item = isObject(given) && typeof given.toJSON === 'function' ? (given.toJSON as () => unknown)() : given;
    if (depth > deepest || !count(typeof item === 'string' ? item : '') || ArrayBuffer.isView(given)) throw tooLarge;
    if (typeof item === 'number') return Number.isFinite(item) ? item : null;
    if (typeof item === 'string' || typeof item === 'boolean' || item === null) return item;
    if (typeof item !== 'object') return undefined;
    if (Array.isArray(item)) return copyList(item, depth);
    return copyObject(item, depth);
  };
  const copyList = (list: unknown[], depth: number): unknown[] => {
    if (list.length > maxValues) throw tooLarge;
    return Array.from(list, (item) => copy(item, depth + 1) ?? null);
  };
  const copyObject = (object: object, depth: number): Record<string, unknown> => {
    // The values of a large object are never looked up: that takes twice as long as listing its names.
    const names = Object.keys(object);
    if (names.length > maxValues) throw tooLarge;
    const entries: [string, unknown][] = [];
    for (const key of names) {
      if (!count(key)) throw tooLarge;
      const copied = copy((object as Record<string, unknown>)[key], depth + 1);
      if (copied !== undefined) entries.push([key, copied]);
    }
    return Object.fromEntries(entries);
  };
  try {
    return copy(value, 0);
  } catch {
    return undefined;
  }
}

const tooLarge = new Error('too large for fields of the API');
