import type { RecoveredRequest } from './delivery.js';
import type { DownloadAnswer } from './download-answer.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { Events } from './events.js';
import type { JobQueue } from './job-queue.js';
import type { Member } from './member.js';
import { toUnavailable } from './redis.js';
import { loadOutcome } from './sealed-outcome.js';
import { dropBlobs, getBlob, type Job, listBlobs, unsealJob } from './sealed-request.js';
import { type AskOptions, enqueue, storeJob } from './enqueue.js';
import { newToken } from './state-script.js';
import { untilBack } from './until-back.js';
import { asUnknown, lostRequest, stopped, workerLost } from './lost-request.js';
import { type Claim, type Heard, PendingRequest } from './pending-request.js';
import type { RequestLook } from './consent.js';

export interface AskerOptions {
  member: Member;
  events: Events;
  queue: JobQueue;
  download: DownloadAnswer;
  /** The most that a request takes once it is sent, in milliseconds, as far as is known here. */
  timeout(): number;
}

interface Look {
  states: Record<string, RequestLook>;
  /** Redis is in a new epoch, in which not all instances have told yet what they have sent. */
  isNew?: boolean;
}

/** Hands requests to the cluster and waits for their results. */
export class Asker {
  readonly #options: AskerOptions;
  readonly #pending = new Map<string, PendingRequest>();
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<Promise<unknown>>();
  #workersSeen = performance.now();
  #isClosed = false;

  constructor(options: AskerOptions) {
    this.#options = options;
    const { events, member } = options;
    events.on('reserved', (id, token) => this.#pending.get(id)?.agree(token));
    events.on('sent', (id) => this.#pending.get(id)?.move({ phase: 'running' }));
    events.on('ended', (id) => this.#pending.get(id)?.end());
    events.on('cancel', (id) => this.#pending.get(id)?.endCancelled());
    events.on('wait', (id, until) =>
      this.#pending.get(id)?.move({ phase: 'waiting', ...(until && { until: member.clock.toLocal(Number(until)) }) }),
    );
    this.#timer = setInterval(() => {
      this.#look().catch(() => undefined);
    }, member.timing.look).unref();
  }

  /**
   * Has a request, whose images are fitted, sent by any instance, and resolves with the result.
   *
   * @throws SameRequest, ImageError `queue_full`, `cluster_unavailable`,
   * or as the request fails; `signal.reason` when aborted.
   */
  ask(request: GenerationRequest, options: AskOptions): Promise<Generation> {
    return this.#untilDone(this.#ask(request, options));
  }

  /** Waits for a request in the place of an asker that died. */
  resume({ id }: Pick<RecoveredRequest, 'id'>, options: AskOptions): Promise<Generation> {
    return this.#untilDone(this.#resume(id, options));
  }

  async #ask(request: GenerationRequest, options: AskOptions): Promise<Generation> {
    const { signal, onState } = options;
    const { member, queue, events } = this.#options;
    signal.throwIfAborted();
    onState?.({ phase: 'waiting' });
    await Promise.all([member.ready(), events.ready()]);
    const id = newToken();
    const job = await storeJob(member, request, options);
    const pending = this.#begin(id, options);
    try {
      await enqueue(member, pending, { job, request, options });
    } catch (error) {
      // One that may wait in the queue all the same needs its images until it is out of it.
      if (pending.isUnsent) this.#dropUnsent(pending, job);
      else await dropBlobs(member, listBlobs(job)).catch(() => undefined);
      throw error;
    }
    this.#pending.set(id, pending);
    if (this.#isClosed) pending.close();
    else queue.add(id);
    return this.#finish(pending, job, options);
  }

  async #resume(id: string, options: AskOptions): Promise<Generation> {
    const pending = this.#begin(id, options, { isResumed: true });
    this.#pending.set(id, pending);
    try {
      const read = untilBack(
        this.#options.member,
        () => this.readJob(id),
        () => pending.hasFailed,
      );
      const job = await pending.orFailure(read);
      this.#options.queue.add(id);
      // Where Redis is away, the next look finds it.
      this.#look().catch(() => undefined);
      return await this.#finish(pending, job, options);
    } finally {
      this.#pending.delete(id);
    }
  }

  /** What was asked. @throws ImageError `cluster_unavailable` where it is gone or was not written by an instance. */
  async readJob(id: string): Promise<Job> {
    const { member } = this.#options;
    await member.ready();
    const sealed = await member.redis.hget(`${member.tag}:request:${id}`, 'job').catch((error: unknown) => {
      throw toUnavailable(error);
    });
    if (sealed === null) throw lostRequest();
    return unsealJob(member, id, sealed);
  }

  /** The message that waits for a result, as it was serialized. */
  readSnapshot(job: Job): Promise<Buffer | undefined> {
    return job.snapshot === undefined ? Promise.resolve(undefined) : getBlob(this.#options.member, job.snapshot);
  }

  /** Ends all requests here; where it `waits`, once they have ended by themselves. */
  async close({ waits }: { waits: boolean }): Promise<void> {
    while (waits && this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const pending of this.#pending.values()) pending.close();
  }

  /** Work that this instance does not leave the cluster before, where it waits. */
  #untilDone<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    work
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(work))
      .catch(() => undefined);
    return work;
  }

  #begin(id: string, { onState, recovery }: AskOptions, { isResumed = false } = {}): PendingRequest {
    const { member, timeout } = this.#options;
    const mayBeAdopted = member.replicas !== '' && recovery?.message !== undefined;
    return new PendingRequest({
      ...{ id, member, onState, isResumed, mayBeAdopted },
      timeout: timeout() + member.timing.grace,
      look: (one) => void this.#look([one]).catch(() => undefined),
    });
  }

  async #finish(pending: PendingRequest, job: Job, { signal, onResult }: AskOptions): Promise<Generation> {
    const { member, download } = this.#options;
    const { id } = pending;
    let claim: Claim;
    try {
      claim = await pending.wait(signal);
    } catch (error) {
      this.#pending.delete(id);
      this.#dropUnsent(pending, job);
      throw error;
    }
    const end = async (drop = (): Promise<void> => Promise.resolve()): Promise<void> => {
      // Unmarked it would be delivered again by the next start.
      await untilBack(member, () => member.call('delivered', { id }));
      await Promise.all([drop(), dropBlobs(member, listBlobs(job))]);
    };
    try {
      if (claim.outcome === undefined) throw claim.cancelled ? (pending.cancelReason ?? stopped(claim)) : workerLost();
      const loading = loadOutcome(member, id, {
        sealed: claim.outcome,
        download: (answer) => download(answer, job.request, signal),
      });
      const { generation, drop } = await pending.orFailure(loading);
      const confirm = (): void => void this.#untilDone(end(drop)).catch(() => undefined);
      if (onResult) onResult(confirm);
      else confirm();
      return generation;
    } catch (error) {
      if (!pending.hasFailed) end().catch(() => undefined);
      const isFree = error instanceof ImageError && error.charged === 'no';
      throw claim.isUnsure && isFree ? asUnknown(error) : error;
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Frees the room of the images of a request that was given up, unless its worker needs them. */
  #dropUnsent({ isUnsent = Promise.resolve(false) }: PendingRequest, job: Job): void {
    const { member } = this.#options;
    isUnsent
      .then(async (isFree) => {
        if (isFree) await dropBlobs(member, listBlobs(job));
      })
      .catch(() => undefined);
  }

  /** What a lost message would have told, and whether anybody is there to take requests. */
  async #look(ids = [...this.#pending.keys()]): Promise<void> {
    const { member } = this.#options;
    const asked = performance.now();
    if (member.workers !== 0) this.#workersSeen = asked;
    if (ids.length === 0) return;
    try {
      const { states, isNew = false } = await member.call<Look>('look', { ids });
      const isAlone = performance.now() - this.#workersSeen > member.timing.noWorker;
      for (const id of ids) this.#tell(id, states[id] ?? { state: 'gone' }, { asked, isNew, isAlone });
    } catch (error) {
      for (const id of ids) this.#pending.get(id)?.hearNothing(error);
    }
  }

  #tell(id: string, look: RequestLook, { isAlone, ...heard }: Heard & { isAlone: boolean }): void {
    const pending = this.#pending.get(id);
    pending?.hear(look, heard);
    if (!isAlone || (look.state !== 'queued' && look.state !== 'reserved')) return;
    const seconds = Math.round(this.#options.member.timing.noWorker / 1000);
    pending?.giveUp(new ImageError('cluster_unavailable', 'cluster_no_worker', { seconds }));
  }
}
