type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/**
 * The object without the properties that are undefined: an optional property is absent, never present and undefined.
 */
export function defined<T extends object>(object: T): Required<T> & Optional<T> {
  const result: Record<string, unknown> = {};
  // Not by `Object.entries`: a request comes here a dozen times.
  for (const name of Object.keys(object)) {
    const value: unknown = object[name as keyof T];
    if (value !== undefined) result[name] = value;
  }
  return result as Required<T> & Optional<T>;
}
