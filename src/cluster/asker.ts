import type { RequestOptions, RequestState } from '../account/send-request.js';
import type { RecoveredRequest } from './delivery.js';
import type { DownloadAnswer } from './download-answer.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { Events } from './events.js';
import type { JobQueue } from './job-queue.js';
import type { Member } from './member.js';
import { toUnavailable } from './redis.js';
import { loadOutcome } from './sealed-outcome.js';
import {
  dropBlobs,
  getBlob,
  type Job,
  listBlobs,
  nameDigest,
  putBlob,
  storeRequest,
  unseal,
} from './sealed-request.js';
import { newToken } from './state-script.js';
import { untilBack } from './until-back.js';
import { lostRequest, stopped, workerLost } from './lost-request.js';
import { type Claim, PendingRequest } from './pending-request.js';

export interface AskerOptions {
  member: Member;
  events: Events;
  queue: JobQueue;
  download: DownloadAnswer;
}

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

/** Hands requests to the cluster and waits for their results. */
export class Asker {
  readonly #options: AskerOptions;
  readonly #pending = new Map<string, PendingRequest>();
  readonly #timer: NodeJS.Timeout;
  #workersSeen = Date.now();

  constructor(options: AskerOptions) {
    this.#options = options;
    const { events, member } = options;
    events.on('sent', (id) => this.#pending.get(id)?.move({ phase: 'running' }));
    events.on('ended', (id) => this.#pending.get(id)?.end());
    events.on('cancel', (id) => this.#pending.get(id)?.endCancelled());
    events.on('wait', (id, until) =>
      this.#pending.get(id)?.move({ phase: 'waiting', ...(until && { until: Number(until) }) }),
    );
    this.#timer = setInterval(() => {
      this.#look().catch(() => undefined);
    }, member.timing.look).unref();
  }

  /**
   * Has a request, whose images are fitted, sent by any instance, and resolves with the result.
   *
   * @throws SameRequest, ImageError `queue_full`, `cluster_unavailable`, or as the request fails; `signal.reason` when aborted.
   */
  async ask(request: GenerationRequest, options: AskOptions): Promise<Generation> {
    const { signal, onState } = options;
    const { member, queue } = this.#options;
    signal.throwIfAborted();
    onState?.({ phase: 'waiting' });
    await member.ready();
    const id = newToken();
    const job = await this.#toJob(request, options);
    const pending = new PendingRequest(id, member, options.onState);
    try {
      await this.#enqueue(pending, job, request, options);
    } catch (error) {
      // One that may wait in the queue all the same needs its images.
      if (!pending.isAbandoned) await dropBlobs(member, listBlobs(job)).catch(() => undefined);
      throw error;
    }
    this.#pending.set(id, pending);
    queue.add(id);
    return this.#finish(pending, job, options);
  }

  /** Waits for a request in the place of an asker that died. */
  async resume({ id }: Pick<RecoveredRequest, 'id'>, options: AskOptions): Promise<Generation> {
    const job = await untilBack(this.#options.member, () => this.readJob(id));
    const pending = this.#follow(id, options.onState);
    this.#options.queue.add(id);
    // Where Redis is away, the next look finds it.
    this.#look().catch(() => undefined);
    return this.#finish(pending, job, options);
  }

  /** What was asked. @throws ImageError `cluster_unavailable` where it is gone or was not written by an instance. */
  async readJob(id: string): Promise<Job> {
    const { member } = this.#options;
    await member.ready();
    const sealed = await member.redis.hget(`${member.tag}:request:${id}`, 'job').catch((error: unknown) => {
      throw toUnavailable(error);
    });
    if (sealed === null) throw lostRequest();
    return unseal(() => member.cipher.unsealJson(sealed, `job ${id}`)) as Job;
  }

  /** The message that waits for a result, as it was serialized. */
  readSnapshot(job: Job): Promise<Buffer | undefined> {
    return job.snapshot === undefined ? Promise.resolve(undefined) : getBlob(this.#options.member, job.snapshot);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const pending of this.#pending.values()) pending.fail(lostRequest());
  }

  #follow(id: string, onState: ((state: RequestState) => void) | undefined): PendingRequest {
    const pending = new PendingRequest(id, this.#options.member, onState);
    this.#pending.set(id, pending);
    return pending;
  }

  async #toJob(request: GenerationRequest, { nodeId, recovery, digest }: AskOptions): Promise<Job> {
    const { member } = this.#options;
    const stored = await storeRequest(member, request);
    const snapshot = recovery?.message && (await putBlob(member, recovery.message));
    return { request: stored, ...defined({ nodeId, digest, snapshot }) };
  }

  /** An answer that was lost is asked for again: the request may wait in the queue without an asker. */
  async #enqueue(
    pending: PendingRequest,
    job: Job,
    { n = 1 }: GenerationRequest,
    { recovery, digest }: AskOptions,
  ): Promise<void> {
    const { member } = this.#options;
    const { id } = pending;
    let mayWait = false;
    const fields = {
      job: member.cipher.sealJson(job, `job ${id}`),
      images: n,
      asker: member.id,
      replicas: member.replicas,
      ...defined({ node: recovery?.nodeId, type: recovery?.nodeType }),
    };
    const enqueue = async (): Promise<Enqueued> => {
      await member.ready();
      mayWait = true;
      return member.call<Enqueued>('enqueue', {
        ...{ id, request: fields },
        ...defined({ digest: digest && nameDigest(member, digest) }),
      });
    };
    const { full, memory, same } = await enqueue()
      .catch(enqueue)
      .catch((error: unknown) => {
        // It has no job, and gets none while its asker does not ask for it.
        if (mayWait) pending.abandon();
        throw error;
      });
    if (same !== undefined) throw new SameRequest(same);
    if (full !== undefined) throw new ImageError('queue_full', 'queue_full', { limit: full });
    if (memory !== undefined) throw new ImageError('cluster_unavailable', 'cluster_memory', { percent: memory });
  }

  async #finish(pending: PendingRequest, job: Job, { signal, onResult }: AskOptions): Promise<Generation> {
    const { member, download } = this.#options;
    const { id } = pending;
    let claim: Claim;
    try {
      claim = await pending.wait(signal);
    } catch (error) {
      if (pending.isCancelled) dropBlobs(member, listBlobs(job)).catch(() => undefined);
      throw error;
    } finally {
      this.#pending.delete(id);
    }
    const end = async (drop = (): Promise<void> => Promise.resolve()): Promise<void> => {
      await member.call('delivered', { id });
      await Promise.all([drop(), dropBlobs(member, listBlobs(job))]);
    };
    try {
      if (claim.outcome === undefined) throw claim.cancelled ? (pending.cancelReason ?? stopped()) : workerLost();
      const { generation, drop } = await loadOutcome(member, id, {
        sealed: claim.outcome,
        download: (answer) => download(answer, job.request, signal),
      });
      const confirm = (): void => void end(drop).catch(() => undefined);
      if (onResult) onResult(confirm);
      else confirm();
      return generation;
    } catch (error) {
      end().catch(() => undefined);
      throw error;
    }
  }

  /** What a lost message would have told, and whether anybody is there to take requests. */
  async #look(): Promise<void> {
    const { member } = this.#options;
    const ids = [...this.#pending.keys()];
    if (member.workers !== 0) this.#workersSeen = Date.now();
    if (ids.length === 0) return;
    const { states } = await member.call<{ states: Record<string, string> }>('look', { ids });
    const seconds = Math.round(member.timing.noWorker / 1000);
    const isAlone = Date.now() - this.#workersSeen > member.timing.noWorker;
    for (const id of ids) {
      const state = states[id] ?? 'gone';
      const pending = this.#pending.get(id);
      if (state === 'gone') pending?.fail(lostRequest());
      else if (state === 'sent') pending?.move({ phase: 'running' });
      else if (state !== 'queued' && state !== 'reserved') pending?.end();
      else if (isAlone) pending?.giveUp(new ImageError('cluster_unavailable', 'cluster_no_worker', { seconds }));
    }
  }
}
