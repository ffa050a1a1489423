import { isPlain } from '../shared/is-plain.js';

type Key = string | number;

/**
 * A copy of a message without the property at a path. Only the objects along the path are copied; the rest is shared
 * with the incoming message. Inside an instance of a class, such as `msg.req`, the property stays, since a copy of that
 * would not work.
 */
export function withoutProperty<T extends object>(holder: T, [key, ...rest]: Key[]): T {
  if (key === undefined || !isPlain(holder)) return holder;
  const copy = (Array.isArray(holder) ? [...(holder as unknown[])] : { ...holder }) as T;
  if (rest.length === 0) Reflect.deleteProperty(copy, key);
  const inner: unknown = Reflect.get(copy, key);
  if (typeof inner === 'object' && inner !== null) Reflect.set(copy, key, withoutProperty(inner, rest));
  return copy;
}
