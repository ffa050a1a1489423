import type { Picture } from '../generation.js';
import { mapTexts } from '../json.js';
import { amountOf } from './change-warning.js';

/** A picture as a person reads it in a request: `data:image/png;base64,… (1.2 MB)`. */
export function shortPicture({ bytes, mime }: Picture): string {
  return shortUrl(`data:${mime};base64,`, bytes.length);
}

/** A value of JSON in which each picture that stands as a data URL is shortened. */
export function withShortPictures(value: unknown): unknown {
  return mapTexts(value, (text) => text.replace(/^(data:[\w/+.-]{1,100};base64,)([\w+/=-]+)$/, (_, head: string, data: string) => shortUrl(head, (data.length / 4) * 3)));
}

function shortUrl(head: string, length: number): string {
  return `${head}… (${amountOf(length)})`;
}
