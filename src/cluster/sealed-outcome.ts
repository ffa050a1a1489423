import { hostname } from 'node:os';
import type { PaidAnswer } from '../api/response/addressed-answer.js';
import { type ErrorCode, type ErrorDetails, ImageError } from '../errors.js';
import type { GeneratedImage, Generation } from '../generation.js';
import { type MessageKey, messages } from '../messages.js';
import type { Member } from './member.js';
import { dropBlobs, getBlob, putBlob, unseal } from './sealed-request.js';
import { untilBack } from './until-back.js';

type StoredImage = Omit<GeneratedImage, 'bytes'> & { blob: string };

/** How a request ended, as it lies in Redis. */
type StoredOutcome =
  | { generation: Omit<Generation, 'images'> & { images: StoredImage[] } }
  | { answer: PaidAnswer }
  | { error: StoredError };

/** The images of a request, and what frees their room in Redis. */
export interface Result {
  generation: Generation;
  drop(): Promise<void>;
}

interface StoredError {
  code: ErrorCode;
  key: MessageKey;
  params: Record<string, string | number>;
  details: ErrorDetails;
}

/** The state of a request whose outcome is this. */
export type OutcomeState = 'answered' | 'free' | 'unknown';

/** An outcome as Redis gets it. */
export interface SealedOutcome {
  sealed: string;
  /** What holds its images. */
  blobs: string[];
  /** There is no room for its images, which stay with this instance. */
  isKeptHere: boolean;
}

/**
 * Stores what a request has ended with, sealed for its id; where there is no room for images, `keepsHistory` says what
 * becomes of them.
 */
export async function storeOutcome(
  member: Member,
  id: string,
  outcome: Generation | ImageError,
  keepsHistory = true,
): Promise<SealedOutcome> {
  const seal = (stored: StoredOutcome): string => member.cipher.sealJson(stored, `outcome ${id}`);
  if (outcome instanceof ImageError) return { sealed: seal(toStoredError(outcome)), blobs: [], isKeptHere: false };
  const { images, ...rest } = outcome;
  const stored = await storeImages(member, id, images);
  if (stored)
    return {
      ...{ sealed: seal({ generation: { ...rest, images: stored } }), isKeptHere: false },
      blobs: stored.map(({ blob }) => blob),
    };
  const key = keepsHistory ? 'cluster_kept_elsewhere' : 'cluster_no_room';
  const elsewhere = new ImageError('download_failed', key, { instance: hostname() });
  return { sealed: seal(toStoredError(elsewhere)), blobs: [], isKeptHere: true };
}

/** An answer whose images are not downloaded yet, sealed as what the request has ended with should its worker die. */
export function sealAnswer(member: Member, id: string, answer: PaidAnswer): string {
  const stored: StoredOutcome = { answer };
  return member.cipher.sealJson(stored, `outcome ${id}`);
}

/** The state that an outcome ends a request in. */
export function stateOf(outcome: Generation | ImageError): OutcomeState {
  if (!(outcome instanceof ImageError) || outcome.charged === 'yes') return 'answered';
  return outcome.charged === 'no' ? 'free' : 'unknown';
}

/**
 * The result of a request. `download` fetches images whose worker died before it had them.
 *
 * @throws ImageError the failure that is the outcome.
 */
export async function loadOutcome(
  member: Member,
  id: string,
  { sealed, download }: { sealed: string; download(answer: PaidAnswer): Promise<Generation> },
): Promise<Result> {
  const stored = unseal(() => member.cipher.unsealJson(sealed, `outcome ${id}`), 'unknown') as StoredOutcome;
  if ('error' in stored) throw toError(stored.error);
  if ('answer' in stored) return { generation: await download(stored.answer), drop: () => Promise.resolve() };
  const { images, ...rest } = stored.generation;
  const loaded = await Promise.all(
    images.map(async ({ blob, ...image }) => ({
      ...image,
      bytes: await untilBack(member, () => getBlob(member, blob)),
    })),
  );
  const drop = (): Promise<void> =>
    dropBlobs(
      member,
      images.map(({ blob }) => blob),
    );
  return { generation: { ...rest, images: loaded }, drop };
}

/** Undefined where there is no room for all. A request stores its images once, however often that is tried. */
async function storeImages(member: Member, id: string, images: GeneratedImage[]): Promise<StoredImage[] | undefined> {
  const stored = await Promise.all(
    images.map(async ({ bytes, ...image }, index) => {
      const use = `outcome ${id} ${index}`;
      return { ...image, blob: await putBlob(member, bytes, { use }) };
    }),
  );
  const kept = stored.flatMap(({ blob, ...image }) => (blob === undefined ? [] : [{ ...image, blob }]));
  if (kept.length === stored.length) return kept;
  await dropBlobs(
    member,
    kept.map(({ blob }) => blob),
  );
  return undefined;
}

function toStoredError({ code, key, params, charged, details }: ImageError): StoredOutcome {
  const { cause: _, ...plain } = details;
  return { error: { code, key, params, details: { ...plain, charged } } };
}

function toError({ code, key, params, details }: StoredError): ImageError {
  return key in messages
    ? new ImageError(code, key, params, details)
    : new ImageError('cluster_unavailable', 'cluster_lost', {}, { charged: details.charged ?? 'unknown' });
}
