import type { RequestOptions } from '../account/send-request.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { GenerationRequest } from '../generation.js';
import type { Member } from './member.js';
import type { PendingRequest } from './pending-request.js';
import { dropBlobs, type Job, listBlobs, nameDigest, putBlob, sealJob, storeRequest } from './sealed-request.js';

interface Enqueued {
  state?: string;
  full?: number;
  memory?: number;
  /** The id of a request that is the same. */
  same?: string;
}

/** What a request is asked with; a digest only where it may be answered by the same request. */
export type AskOptions = Pick<RequestOptions, 'signal' | 'nodeId' | 'onState' | 'recovery' | 'onResult' | 'reuse'> & {
  digest?: string;
};

/** Another instance asks for the same. */
export class SameRequest extends Error {
  constructor(readonly id: string) {
    super('another instance asks for the same');
  }
}

/**
 * Stores a request with its images and the message that waits for it.
 * @throws ImageError `queue_full` where there is no room.
 */
export async function storeJob(
  member: Member,
  request: GenerationRequest,
  { nodeId, recovery, digest }: AskOptions,
): Promise<Job> {
  const stored = await storeRequest(member, request);
  try {
    const snapshot = recovery?.message && (await putBlob(member, recovery.message, { isNew: true }));
    return { request: stored, ...defined({ nodeId, digest, snapshot }) };
  } catch (error) {
    await dropBlobs(member, listBlobs({ request: stored })).catch(() => undefined);
    throw error;
  }
}

/**
 * Puts a request into the queue. An answer that was lost is asked for again: it may then wait there without an asker.
 *
 * @throws SameRequest, ImageError `queue_full`, `cluster_unavailable`
 */
export async function enqueue(
  member: Member,
  pending: PendingRequest,
  { job, request, options }: { job: Job; request: GenerationRequest; options: AskOptions },
): Promise<void> {
  const { recovery, digest } = options;
  const { id } = pending;
  let mayWait = false;
  const fields = {
    job: sealJob(member, id, job),
    images: request.n ?? 1,
    asker: member.id,
    replicas: member.replicas,
    ...defined({ node: recovery?.nodeId, type: recovery?.nodeType }),
  };
  const tryOnce = async (): Promise<Enqueued> => {
    await member.ready();
    mayWait = true;
    return member.call<Enqueued>('enqueue', {
      ...{ id, request: fields },
      ...defined({ digest: digest && nameDigest(member, digest) }),
    });
  };
  const { full, memory, same } = await tryOnce()
    .catch(tryOnce)
    .catch((error: unknown) => {
      // It has no job, and gets none while its asker does not ask for it.
      if (mayWait) pending.abandon();
      throw error;
    });
  if (same !== undefined) throw new SameRequest(same);
  if (full !== undefined) throw new ImageError('queue_full', 'queue_full', { limit: full });
  if (memory !== undefined) throw new ImageError('cluster_unavailable', 'cluster_memory', { percent: memory });
}
