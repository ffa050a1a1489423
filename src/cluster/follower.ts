import type { RequestOptions } from '../account/send-request.js';
import { abortable } from '../abortable.js';
import type { PaidAnswer } from '../api/response/addressed-answer.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import { toReused } from '../history/shared-requests.js';
import type { DownloadAnswer } from './download-answer.js';
import type { Events } from './events.js';
import type { Member } from './member.js';
import { lostRequest, workerLost } from './lost-request.js';
import { toUnavailable } from './redis.js';
import { loadOutcome } from './sealed-outcome.js';
import { tryUnseal, unsealJob } from './sealed-request.js';
import { untilBack } from './until-back.js';

/** The result; or that the request ended without having been sent, or that its images are on another host only. */
export type Followed = Generation | 'not sent' | 'elsewhere';

type FollowOptions = Pick<RequestOptions, 'signal' | 'onState'> & { digest?: string };

export interface FollowerOptions {
  member: Member;
  events: Events;
  download: DownloadAnswer;
}

interface Found {
  state: string | undefined;
  outcome: string | undefined;
  job: string | undefined;
  isCancelled: boolean;
  /** Whether the instance that asked is there. */
  isAsked: boolean;
}

const changes = ['sent', 'ended', 'cancel'] as const;

/** Waits for requests of other instances that are the same as one of this one. */
export class Follower {
  readonly #member: Member;
  readonly #events: Events;
  readonly #download: DownloadAnswer;

  constructor({ member, events, download }: FollowerOptions) {
    this.#member = member;
    this.#events = events;
    this.#download = download;
  }

  /**
   * Resolves as the request of that id ends, which costs nothing here.
   *
   * @throws ImageError as that request fails; `signal.reason` when aborted, which leaves it to the others.
   */
  async follow(id: string, request: GenerationRequest, { signal, onState, digest }: FollowOptions): Promise<Followed> {
    let isSame = false;
    let isSent = false;
    for (;;) {
      const changed = this.#whenChanged(id, signal);
      const found: Found = await abortable(this.#hear(id, isSent), signal);
      const { state, isAsked, isCancelled } = found;
      if (state === undefined) throw lostRequest();
      isSame ||= this.#isSame(id, found, digest);
      // Delivered by now, or somebody who cannot read it has written into Redis that it is the same.
      if (!isSame) return 'elsewhere';
      if (isCancelled || (state === 'queued' && !isAsked)) return 'not sent';
      if (state !== 'queued' && state !== 'reserved' && state !== 'sent')
        return this.#finish(id, found, (answer) => this.#download(answer, request, signal));
      isSent = state === 'sent';
      onState?.({ phase: isSent ? 'running' : 'waiting' });
      await changed;
      signal.throwIfAborted();
    }
  }

  /** Waits for a Redis that is away as long as other requests do. Nothing was sent for this one itself. */
  async #hear(id: string, isSent: boolean): Promise<Found> {
    const member = this.#member;
    const end = performance.now() + member.timing.away;
    try {
      return await untilBack(
        member,
        () => this.#read(id),
        () => performance.now() > end,
      );
    } catch (error) {
      throw isSent || !(error instanceof ImageError) ? error : error.with({ charged: 'no' });
    }
  }

  #isSame(id: string, { job = '' }: Found, digest: string | undefined): boolean {
    const found = tryUnseal(() => unsealJob(this.#member, id, job));
    return found !== undefined && found.digest === digest;
  }

  async #finish(
    id: string,
    { state, outcome }: Found,
    download: (answer: PaidAnswer) => Promise<Generation>,
  ): Promise<Followed> {
    if (outcome === undefined && state === 'unknown') throw workerLost();
    if (outcome === undefined) return 'elsewhere';
    try {
      const { generation } = await loadOutcome(this.#member, id, { sealed: outcome, download });
      return toReused(generation.images, generation);
    } catch (error) {
      // Who asked has taken the images out of Redis in between.
      if (error instanceof ImageError && error.key === 'cluster_lost') return 'elsewhere';
      throw error;
    }
  }

  async #read(id: string): Promise<Found> {
    const member = this.#member;
    const { redis, tag, timing } = member;
    await member.ready();
    try {
      const fields = ['state', 'outcome', 'job', 'cancelled', 'askedBy'];
      const [state, outcome, job, cancelled, askedBy] = await redis.hmget(`${tag}:request:${id}`, ...fields);
      const seen = await redis.zscore(`${tag}:alive`, askedBy ?? '');
      return {
        ...{ state: state ?? undefined, outcome: outcome ?? undefined, job: job ?? undefined },
        isCancelled: cancelled === '1',
        isAsked: Number(seen) > member.clock.now() - timing.alive,
      };
    } catch (error) {
      throw toUnavailable(error);
    }
  }

  /** Resolves after an event of the request, when aborted, and after a while in any case: an event may be lost. */
  #whenChanged(id: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        for (const name of changes) this.#events.off(name, note);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const note = (changed: string): void => {
        if (changed === id) end();
      };
      const timer = setTimeout(end, this.#member.timing.look);
      for (const name of changes) this.#events.on(name, note);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
