import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { GenerationRequest, InputImage } from '../generation.js';
import { limits } from '../limits.js';
import { lostRequest } from './lost-request.js';
import type { Member } from './member.js';
import { toUnavailable } from './redis.js';
import { newToken } from './state-script.js';
import { isRedisAway } from './until-back.js';

/** The most bytes of all blobs of an account. */
const mostBlobs = limits.waiting;

/** An image whose bytes lie in Redis by themselves: in a job they would be five times as large. */
type StoredImage = Omit<InputImage, 'bytes'> & { blob: string };

/** What the worker and the instance that delivers the result need to know. */
export interface Job {
  request: Omit<GenerationRequest, 'images' | 'mask'> & { images: StoredImage[]; mask?: StoredImage };
  nodeId?: string;
  digest?: string;
  /** The message that waits for the result, where it can be delivered by another node: the blob that holds it. */
  snapshot?: string;
}

/** The names of blobs that were read, by their bytes: to compute them again would take the event loop a while. */
const names = new WeakMap<Uint8Array, string>();

/** The name of the blob that the bytes were read from, which nothing may have changed since. */
export function nameOf(bytes: Uint8Array): string | undefined {
  return names.get(bytes);
}

/** What the same requests have in common, of which those that read Redis cannot try out which requests they are. */
export function nameDigest({ cipher }: Member, digest: string): string {
  return cipher.digest(`request ${digest}`);
}

interface Put {
  /** The account has used all its room. */
  full?: boolean;
  /** Redis is so full that it takes nothing new, in percent. */
  memory?: number;
}

/**
 * Stores bytes, encrypted; gives their name, or undefined where there is no room. The same `use` counts once, however
 * often it is told because an answer was lost; for a new request that is twice.
 *
 * @throws ImageError `cluster_unavailable` where they are of a new request and Redis is nearly full.
 */
export async function putBlob(
  member: Member,
  bytes: Uint8Array,
  { isNew = false, use = newToken() } = {},
): Promise<string | undefined> {
  const name = member.cipher.digest(bytes);
  const sealed = member.cipher.seal(bytes, name);
  const put = (): Promise<Put> => member.call<Put>('put', { name, most: mostBlobs, isNew, use }, sealed);
  const { full, memory } = await put().catch((error: unknown) => {
    if (!isNew || !isRedisAway(error)) throw error;
    return put();
  });
  if (memory !== undefined) throw new ImageError('cluster_unavailable', 'cluster_memory', { percent: memory });
  return full ? undefined : name;
}

/** @throws ImageError `cluster_unavailable` where it is gone or does not come from an instance of the cluster. */
export async function getBlob(member: Member, name: string): Promise<Buffer> {
  await member.readyToFinish();
  const sealed = await member.redis.getBuffer(`${member.tag}:blob:${name}`).catch((error: unknown) => {
    throw toUnavailable(error);
  });
  if (!sealed) throw lostRequest();
  const bytes = unseal(() => member.cipher.unseal(sealed, name));
  names.set(bytes, name);
  return bytes;
}

/** Another use of a blob ends; the last one deletes it. */
export async function dropBlobs(member: Member, names: string[]): Promise<void> {
  if (names.length > 0) await member.call('drop', { names });
}

/** Stores the images of a request. @throws ImageError `queue_full` where there is no room. */
export async function storeRequest(
  member: Member,
  { images, mask, ...rest }: GenerationRequest,
): Promise<Job['request']> {
  const store = async ({ bytes, ...image }: InputImage): Promise<StoredImage> => {
    const blob = await putBlob(member, bytes, { isNew: true });
    if (blob === undefined) throw new ImageError('queue_full', 'queue_too_large', { megabytes: mostBlobs / 1e6 });
    return { ...image, blob };
  };
  const ends = await Promise.allSettled([...images, ...(mask ? [mask] : [])].map(store));
  const stored = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) {
    const names = stored.map(({ blob }) => blob);
    await dropBlobs(member, names).catch(() => undefined);
    throw failure.reason;
  }
  const [ofImages, [ofMask]] = [stored.slice(0, images.length), stored.slice(images.length)];
  return { ...rest, images: ofImages, ...defined({ mask: ofMask }) };
}

/** The request with its images. */
export async function loadRequest(
  member: Member,
  { images, mask, ...rest }: Job['request'],
): Promise<GenerationRequest> {
  const load = async ({ blob, ...image }: StoredImage): Promise<InputImage> => ({
    ...image,
    bytes: await getBlob(member, blob),
  });
  return { ...rest, images: await Promise.all(images.map(load)), ...(mask && { mask: await load(mask) }) };
}

/** The blobs of a job. */
export function listBlobs({ request: { images, mask }, snapshot }: Job): string[] {
  return [
    ...images.map(({ blob }) => blob),
    ...(mask ? [mask.blob] : []),
    ...(snapshot === undefined ? [] : [snapshot]),
  ];
}

/** A job, encrypted for the request of that id. */
export function sealJob({ cipher }: Member, id: string, job: Job): string {
  return cipher.sealJson(job, `job ${id}`);
}

/** @throws ImageError `cluster_unavailable` where no instance has written it for the request of that id. */
export function unsealJob({ cipher }: Member, id: string, sealed: string): Job {
  return unseal(() => cipher.unsealJson(sealed, `job ${id}`)) as Job;
}

/** @throws ImageError `cluster_unavailable` for what does not authenticate. */
export function unseal<T>(open: () => T, charged: 'no' | 'unknown' = 'no'): T {
  try {
    return open();
  } catch (error) {
    throw new ImageError('cluster_unavailable', 'cluster_unread', {}, { cause: error, charged });
  }
}

/** Undefined for what does not authenticate. */
export function tryUnseal<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
