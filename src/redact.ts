import { isObject } from './json.js';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** Values lie at most this deep in one another in what is passed on: more is nobody's usage, and breaks what copies messages. */
const maxDepth = 8;

/** A shorter secret is a word that stands in other words, and gives nothing away. */
const minLength = 4;

/**
 * Replaces secrets by `…`, in every form in which services and errors repeat them: as they are, as they stand in JSON and in
 * addresses, in base64 at any offset, in hex.
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
  if (plain.length === 0) return (text) => text;
  return (text) =>
    hex.reduce(
      (clean, form) => clean.replace(form, '…'),
      exact.reduce((clean, form) => clean.replaceAll(form, '…'), text),
    );
}

/** What base64 of a longer text holds of a secret in it, at each of the three offsets, in both alphabets. */
function base64Forms(secret: string): string[] {
  if (secret.length < 8) return [];
  const forms = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
      .toString('base64')
      .replace(/=+$/, '');
    // Characters at both ends are shared with what stands beside it.
    return text.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return forms.flatMap((form) => [form, form.replace(/\+/g, '-').replace(/\//g, '_')]);
}

/** A value of JSON with secrets taken out of all its texts, names of properties included; what lies too deep is left out. */
export function redactValue(value: unknown, redact: Redact, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return undefined;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [redact(name), redactValue(entry, redact, depth + 1)]),
  );
}
