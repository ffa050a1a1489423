import { defined } from '../../defined.js';
import type { Generation } from '../../generation.js';
import { type Redact, redactValue } from '../../redact.js';
import type { ImageEntry } from './read-entries.js';

/** What an answer says beside its images. */
export type AnswerInfo = Omit<Generation, 'images' | 'attempts' | 'durationMs'>;

/** An answer that names addresses of images, as plain data: any process can download them from it. */
export interface AddressedAnswer extends AnswerInfo {
  entries: Pick<ImageEntry, 'url' | 'mime' | 'revisedPrompt'>[];
}

/** The same with what the retries know of it. */
export type PaidAnswer = AddressedAnswer & Pick<Generation, 'attempts' | 'durationMs'>;

/** The addresses of an answer, without secrets but in the addresses themselves; undefined where there are none. */
export function toAddressed(entries: ImageEntry[], info: AnswerInfo, redact: Redact): AddressedAnswer | undefined {
  const addressed = entries.flatMap(({ url, mime, revisedPrompt }) =>
    url === undefined ? [] : [{ ...(redactValue(defined({ mime, revisedPrompt }), redact) as object), url }],
  );
  return addressed.length === 0 ? undefined : { ...(redactValue(info, redact) as AnswerInfo), entries: addressed };
}
