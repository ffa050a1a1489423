import { ImageError } from '../errors.js';
import { isObject } from '../json.js';

/** Servers whose JSON route ignores images: they read only the fields that they know (their sources, 2026). */
export function ignoresImages(entry: unknown): boolean {
  return isObject(entry) && (/^sd-?cpp/i.test(String(entry.id)) || entry.owned_by === 'vllm');
}

/** Explains that a server lacks the route for images as a form, where that is the failure. */
export function withoutEdits(error: unknown, path: string): unknown {
  const status = error instanceof ImageError ? error.details.status : undefined;
  if (!(error instanceof ImageError) || !path.endsWith('/images/edits') || status === undefined) return error;
  const isMissing =
    error.code === 'not_configured' ||
    status === 405 ||
    (status === 404 && /^not found\W*$/i.test(String(error.params.detail)));
  return isMissing ? new ImageError('not_configured', 'no_edits_route', { status }, error.details) : error;
}

/** A URL without the values of its query that may be secret. */
export function redactUrl(url: URL): string {
  const shown = new URL(url);
  for (const name of url.searchParams.keys())
    if (/key|token|secret|sig|auth|pass|code/i.test(name)) shown.searchParams.set(name, '…');
  return shown.href;
}
