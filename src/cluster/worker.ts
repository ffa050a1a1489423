import type { Worker } from 'bullmq';
import { type SendOptions, type AccountContext, sendRequest } from '../account/send-request.js';
import type { PaidAnswer } from '../api/response/addressed-answer.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { History } from '../history/history.js';
import type { Ledger } from '../spending/ledger.js';
import { defined } from '../defined.js';
import type { AccountCluster } from './cluster-settings.js';
import type { Events } from './events.js';
import { queueName, queueOptions } from './job-queue.js';
import { Lease } from './lease.js';
import { loadPackages } from './load-packages.js';
import type { Member } from './member.js';
import { LostRequest } from './permission.js';
import { type OutcomeState, type SealedOutcome, sealAnswer, stateOf, storeOutcome } from './sealed-outcome.js';
import { dropBlobs, type Job, loadRequest, unsealJob } from './sealed-request.js';
import { isRedisAway } from './until-back.js';

/** What a worker sends requests with; the settings are those of the moment. */
export interface WorkerOptions {
  member: Member;
  events: Events;
  ledger: Ledger;
  cluster: AccountCluster;
  context(): AccountContext;
  history: History;
}

/** Redis is tried again after this time with what must be told to it, in milliseconds. */
const handInDelay = 1000;

/** An instance that is leaving tries no longer: what it has made stays in its history. */
const mostTriesOfLeaving = 5;

/** An answer with longer addresses, sealed, is not stored before its images are downloaded. */
const mostAnswer = 1_000_000;

/** A worker waits so long for a job, in seconds, before it asks again. */
const drainDelay = 2;

/** A connection that is silent for longer is dead, in milliseconds. */
const socketTimeout = 5000;

/** A worker takes so many jobs even where fewer may be sent at once: the others wait here for their slot. */
const mostWaitingJobs = 8;

/** Sends the requests of all instances, with the key and the connection of this one. */
export class ClusterWorker {
  readonly #options: WorkerOptions;
  readonly #worker: Worker;
  readonly #underWay = new Map<string, AbortController>();
  readonly #timer: NodeJS.Timeout;
  #isClosing = false;

  private constructor(worker: Worker, options: WorkerOptions) {
    const { events, member } = options;
    this.#options = options;
    this.#worker = worker;
    worker.on('error', () => undefined);
    events.on('cancel', (id) => this.#underWay.get(id)?.abort(new ImageError('cancelled', 'cancelled')));
    this.#timer = setInterval(() => (worker.concurrency = mostJobs(options)), member.timing.heartbeat).unref();
  }

  static async start(options: WorkerOptions): Promise<ClusterWorker> {
    const { bullmq } = await loadPackages();
    const { member, cluster } = options;
    const { lock } = member.timing;
    let started: ClusterWorker | undefined = undefined;
    const { prefix, connection } = queueOptions(cluster);
    const worker: Worker = new bullmq.Worker(queueName, async ({ id = '' }) => started?.process(id), {
      prefix,
      connection: { ...connection, maxRetriesPerRequest: null, socketTimeout },
      concurrency: mostJobs(options),
      // A stalled job may run again: the state of its request decides whether it is sent.
      ...{ lockDuration: lock, stalledInterval: lock / 2, maxStalledCount: 1000, skipVersionCheck: true },
      ...{ drainDelay, autorun: false },
    });
    started = new ClusterWorker(worker, options);
    worker.run().catch(() => undefined);
    return started;
  }

  /** Handles one request. Never fails: how it ended stands in its state. */
  async process(id: string): Promise<void> {
    // BullMQ gives a job again whose lock ended while the event loop stood still.
    if (this.#underWay.has(id)) return;
    const controller = new AbortController();
    this.#underWay.set(id, controller);
    try {
      await this.#handle(id, controller.signal);
    } catch (error) {
      // Lost to another instance, or Redis is away: the next look for waiting requests finds it.
      if (!(error instanceof LostRequest) && !(error instanceof ImageError)) throw error;
    } finally {
      this.#underWay.delete(id);
    }
  }

  /** Takes no further requests, and waits for those under way where told so. */
  async close({ waits = false } = {}): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#worker.close(!waits).catch(() => undefined);
  }

  async #handle(id: string, signal: AbortSignal): Promise<void> {
    const { member, events, ledger, cluster } = this.#options;
    await member.ready();
    const { job: sealed, ...fields } = await member.redis.hgetall(`${member.tag}:request:${id}`);
    if (sealed === undefined || fields.state === undefined) return;
    const lease = new Lease({
      ...{ member, ledger, id, fields, images: Number(fields.images), timezone: cluster.timezone },
      timeout: this.#options.context().settings.timeout,
      wait: async (milliseconds, until) => {
        await events.waitForSlot(id, milliseconds, until);
        if (this.#isClosing) throw new LostRequest('this instance is leaving');
      },
      onWait: (milliseconds) => {
        const until = milliseconds === undefined ? '' : Math.round(member.clock.now() + milliseconds);
        member.redis.publish(`${member.tag}:events`, `wait ${id} ${until}`).catch(() => undefined);
      },
    });
    let job: Job | undefined;
    let request: GenerationRequest | undefined;
    const onAddresses = (answer: PaidAnswer): Promise<void> => this.#storeAnswer(id, lease, answer);
    const outcome = await this.#send(lease, { signal, onAddresses }, async () => {
      job = unsealJob(member, id, sealed);
      return { job, request: (request = await loadRequest(member, job.request)) };
    });
    await this.#handIn(id, lease, outcome, (generation) => this.#keep(request, generation, job));
  }

  /** Waits, sends and retries as an account without a cluster does. @throws LostRequest */
  async #send(
    lease: Lease,
    options: SendOptions,
    load: () => Promise<{ job: Job; request: GenerationRequest }>,
  ): Promise<Generation | ImageError> {
    try {
      const { job, request } = await load();
      const context = { ...this.#options.context(), rateLimiter: lease.limiter, budget: lease.budget };
      return await sendRequest(context, request, { ...options, ...defined({ nodeId: job.nodeId }) });
    } catch (error) {
      if (error instanceof LostRequest) throw error;
      if (error instanceof ImageError) return error;
      const reason = error instanceof Error ? error.message : String(error);
      return new ImageError('bad_response', 'unforeseen', { reason }, { cause: error });
    }
  }

  /**
   * Lets who asked download the images, should this process die first;
   * where Redis is away, they are downloaded all the same.
   */
  async #storeAnswer(id: string, lease: Lease, answer: PaidAnswer): Promise<void> {
    const { member } = this.#options;
    const { token, amount, written, isUnknown } = lease.end();
    await written;
    const stored = sealAnswer(member, id, answer);
    if (stored.length > mostAnswer) return;
    const received = { id, token, stored, amount, outcome: 'answered', ...defined({ isUnknown }) };
    await member.call('receive', received).catch(() => undefined);
  }

  /** Tells Redis how the request ended, as long as it takes: the answer is paid for. */
  async #handIn(
    id: string,
    lease: Lease,
    outcome: Generation | ImageError,
    keep: (generation: Generation) => Promise<void>,
  ): Promise<void> {
    const { token, written, ...booking } = lease.end();
    await written;
    if (token === '') return this.#refuse(id, outcome);
    const isKept = await this.#tellEnd({ id, token, outcome: stateOf(outcome), ...booking }, outcome);
    if (isKept && !(outcome instanceof ImageError)) await keep(outcome);
  }

  /** Resolves with whether the images are for this instance to keep. */
  async #tellEnd(
    end: { id: string; token: string; outcome: OutcomeState },
    outcome: Generation | ImageError,
  ): Promise<boolean> {
    const { member, history } = this.#options;
    let stored: SealedOutcome | undefined;
    for (let tries = 1; ; tries++) {
      try {
        stored ??= await storeOutcome(member, end.id, outcome, history.isOn);
        const { sealed, blobs, isKeptHere } = stored;
        const { late = false } = await member.call<{ late?: boolean }>('finish', { ...end, stored: sealed });
        member.open.delete(end.id);
        if (late) dropBlobs(member, blobs).catch(() => undefined);
        return late || isKeptHere;
      } catch {
        // This account is gone; the deadline of the request ends it for the others.
        if (member.isClosed || (this.#isClosing && tries >= mostTriesOfLeaving)) return true;
        await new Promise((resolve) => setTimeout(resolve, handInDelay));
      }
    }
  }

  /** Ends a request that was not even reserved; where only Redis is away, a worker gets it again. */
  async #refuse(id: string, outcome: Generation | ImageError): Promise<void> {
    if (isRedisAway(outcome)) return;
    const { member } = this.#options;
    const { sealed } = await storeOutcome(member, id, outcome);
    await member.call('refuse', { id, stored: sealed });
  }

  async #keep(request: GenerationRequest | undefined, generation: Generation, job: Job | undefined): Promise<void> {
    if (request) await this.#options.history.record(request, generation, defined({ nodeId: job?.nodeId }));
  }
}

/**
 * How many jobs an instance takes. It follows the limit of all only above a few: BullMQ, with all its places taken,
 * notices more of them when a job ends, and the strictest instance may leave before.
 */
function mostJobs({ context, member }: WorkerOptions): number {
  return Math.min(context().settings.concurrency, Math.max(mostWaitingJobs, member.limits?.concurrency ?? 0));
}
