import { isObject } from './json.js';

/** Removes secrets from a text. */
export type Redact = (text: string) => string;

/**
 * How deep values that are passed on may be nested: nothing real is
 * deeper, and copying such a message would overflow the stack.
 */
const maxDepth = 8;

/** A shorter secret would match within ordinary words. */
const minLength = 4;

/**
 * Replaces secrets by `…`, in every form in which services and errors repeat them: plain, escaped for JSON or a URL, in
 * base64 at any offset, in hex.
 */
export function makeRedact(secrets: readonly string[]): Redact {
  let redact: Redact | undefined;
  // Most requests say nothing that has to be redacted, and finding the forms costs more than sending one.
  return (text) => (redact ??= compileRedact(secrets))(text);
}

function compileRedact(secrets: readonly string[]): Redact {
  const plain = [...new Set(secrets.map((secret) => secret.trim()).filter((secret) => secret.length >= minLength))];
  const exact = [
    ...new Set(
      plain.flatMap((secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        ...base64Forms(secret),
      ]),
    ),
  ];
  const hex = plain
    .filter(({ length }) => length >= 8)
    .map((secret) => new RegExp(Buffer.from(secret).toString('hex'), 'gi'));
  const shortest = Math.min(...exact.map(({ length }) => length));
  return (text) =>
    text.length < shortest
      ? text
      : hex.reduce(
          (clean, form) => clean.replace(form, '…'),
          exact.reduce((clean, form) => clean.replaceAll(form, '…'), text),
        );
}

/** How a secret appears in the base64 of a longer text, at each of the three offsets, in both alphabets. */
function base64Forms(secret: string): string[] {
  if (secret.length < 8) return [];
  const forms = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
      .toString('base64')
      .replace(/=+$/, '');
    // The characters at both ends also encode the neighbouring bytes.
    return text.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return forms.flatMap((form) => [form, form.replace(/\+/g, '-').replace(/\//g, '_')]);
}

/**
 * A JSON value with secrets removed from all its texts, names of properties included; what is nested too deep is left
 * out. The value itself where there is nothing to remove.
 */
export function redactValue(value: unknown, redact: Redact, depth = 0): unknown {
  return isClean(value, redact, depth) ? value : redactInside(value, redact, depth);
}

function isClean(value: unknown, redact: Redact, depth: number): boolean {
  if (typeof value === 'string') return redact(value) === value;
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= maxDepth) return false;
  return Object.keys(value).every(
    (name) => redact(name) === name && isClean((value as Record<string, unknown>)[name], redact, depth + 1),
  );
}

function redactInside(value: unknown, redact: Redact, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return undefined;
  if (Array.isArray(value)) return value.map((item) => redactInside(item, redact, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [redact(name), redactInside(entry, redact, depth + 1)]),
  );
}
