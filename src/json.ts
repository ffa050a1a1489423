/** Whether an unknown value is an object and not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is an object, else an empty one. */
export function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** Parses JSON, after a byte order mark or not; undefined where it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** No number takes more characters; of a longer text, even looking for blanks would block the event loop. */
const longestNumber = 1000;

/** A number that may arrive as text; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.length <= longestNumber && value.trim() !== '';
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Whether a switch is on, which may arrive as text where a variable stands in its place. */
export function isOn(value: unknown): boolean {
  return String(value).trim().toLowerCase() === 'true';
}

/** Changes all texts in a JSON value, names of properties included. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [change(name), mapTexts(entry, change)]));
}
