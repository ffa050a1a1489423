import type { InputImage } from '../generation.js';
import { mapTexts } from '../json.js';
import { formatBytes } from './change-warning.js';

/** An image as shown to a person in a request: `data:image/png;base64,… (1.2 MB)`. */
export function redactImage({ bytes, mime }: InputImage): string {
  return shortUrl(`data:${mime};base64,`, bytes.length);
}

/** A JSON value in which each data URL of an image is shortened. */
export function redactImages(value: unknown): unknown {
  return mapTexts(value, (text) =>
    text.replace(/^(data:[\w/+.-]{1,100};base64,)([\w+/=-]+)$/, (_, head: string, data: string) =>
      shortUrl(head, (data.length / 4) * 3),
    ),
  );
}

function shortUrl(head: string, length: number): string {
  return `${head}… (${formatBytes(length)})`;
}
