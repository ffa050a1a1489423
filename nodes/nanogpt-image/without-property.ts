type Key = string | number;

/**
 * A copy of a message without the property at a path. Only what lies on the way to it is copied: the rest belongs to the incoming
 * message, too. Behind an object of a class, such as `msg.req`, the property stays: a copy of that would not work.
 */
export function withoutProperty<T extends object>(holder: T, [key, ...rest]: Key[]): T {
  if (key === undefined || !isPlain(holder)) return holder;
  const copy = (Array.isArray(holder) ? [...(holder as unknown[])] : { ...holder }) as T;
  if (rest.length === 0) Reflect.deleteProperty(copy, key);
  const inner: unknown = Reflect.get(copy, key);
  if (typeof inner === 'object' && inner !== null) Reflect.set(copy, key, withoutProperty(inner, rest));
  return copy;
}

/** Lists and objects without a class of their own; those of a function node have another Object.prototype. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
