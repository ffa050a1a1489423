import { deserialize } from 'node:v8';
import type { History } from '../history/history.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { Warning } from '../generation.js';
import { warning } from '../warning.js';
import type { Asker } from './asker.js';
import type { JobQueue } from './job-queue.js';
import type { Member } from './member.js';
import { loadOutcome, type Result } from './sealed-outcome.js';
import { dropBlobs, type Job, listBlobs, loadRequest } from './sealed-request.js';
import type { Delivery } from './delivery.js';
import type { DownloadAnswer } from './download-answer.js';
import { newToken } from './state-script.js';
import { untilBack } from './until-back.js';

/** A result that is not taken within this time, in milliseconds, goes into the history of any instance. */
const patience = 600_000;

/** A request whose asker has died, as the script describes it. */
interface Orphan {
  id: string;
  state: string;
  asker: string;
  replicas: string;
  node?: string;
  type?: string;
  /** Milliseconds since its end. */
  age: number;
}

interface Found {
  orphans?: Orphan[];
  /** Ids of requests that may have lost their job. */
  waiting?: string[];
}

export interface RecovererOptions {
  member: Member;
  asker: Asker;
  queue: JobQueue;
  history: History;
  download: DownloadAnswer;
  /** Absent = there are no nodes here. */
  delivery?: Delivery;
  onWarning(warning: Warning): void;
}

/**
 * Looks for what the dead have left: puts it back, gives results to a node of the same id and type, or to the history.
 * A result crosses to another instance only within a group of replicas.
 */
export class Recoverer {
  readonly #options: RecovererOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<string>();

  constructor(options: RecovererOptions) {
    this.#options = options;
    const { sweep } = options.member.timing;
    this.#timer = setInterval(() => {
      this.#sweep().catch(() => undefined);
    }, sweep).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    const { member, queue } = this.#options;
    const since = new Date(member.clock.now() - 70 * 86_400_000).toISOString().slice(0, 10);
    // One instance for all puts back; a little less, so that the next look is not too early.
    const every = Math.ceil(member.timing.sweep / 2);
    const group = { replicas: member.replicas, patience };
    const { orphans = [], waiting = [] } = await member.call<Found>('sweep', { since, every, ...group });
    // Lua writes an empty list as an object.
    for (const id of toList(waiting)) queue.add(id);
    for (const orphan of toList(orphans)) await this.#recover(orphan).catch(() => undefined);
  }

  async #recover(orphan: Orphan): Promise<void> {
    const { id } = orphan;
    if (this.#underWay.has(id)) return;
    this.#underWay.add(id);
    try {
      if (this.#mayDeliver(orphan) && (await this.#deliver(orphan))) return;
      const hasNode = this.#hasNodes && orphan.node !== undefined;
      if (orphan.age > patience || (orphan.state !== 'queued' && this.#isOwn(orphan) && !hasNode))
        await this.#keep(orphan);
    } finally {
      // A node that has it takes a moment.
      setTimeout(() => this.#underWay.delete(id), patience / 10).unref();
    }
  }

  get #hasNodes(): boolean {
    return this.#options.delivery !== undefined;
  }

  #isOwn({ asker, replicas }: Orphan): boolean {
    const { member } = this.#options;
    return asker === member.id || (replicas !== '' && replicas === member.replicas);
  }

  #mayDeliver(orphan: Orphan): boolean {
    const { node, type } = orphan;
    const { delivery } = this.#options;
    return this.#isOwn(orphan) && node !== undefined && type !== undefined && delivery?.has(node, type) === true;
  }

  /**
   * Gives the message to the node again, which then waits for the result; false where the message cannot be made again.
   */
  async #deliver({ id, node = '', state }: Orphan): Promise<boolean> {
    const { asker, member, delivery } = this.#options;
    const job = await asker.readJob(id);
    const snapshot = await asker.readSnapshot(job);
    if (snapshot === undefined) {
      if (state !== 'queued') await this.#keepOutcome(id, node);
      return state !== 'queued';
    }
    const request = await loadRequest(member, job.request);
    const token = newToken();
    // Of several replicas one gets it; where the answer was lost, it may have been this one.
    const { go } = await untilBack(member, () => member.call<{ go?: boolean }>('adopt', { id, token }));
    if (go) delivery?.deliver(node, deserialize(snapshot) as Record<string, unknown>, { id, request });
    return true;
  }

  async #keep({ id, node = '', state }: Orphan): Promise<void> {
    if (state === 'queued') {
      await this.#options.member.call('cancel', { id });
      return;
    }
    await this.#keepOutcome(id, node);
  }

  /** The image is paid for: where no node takes it, it can be found in the history. */
  async #keepOutcome(id: string, node: string): Promise<void> {
    const { asker, member, history, onWarning } = this.#options;
    const claim = await member.call<{ go?: boolean; outcome?: string }>('claim', { id });
    if (!claim.go) return;
    const job = await asker.readJob(id);
    const result = claim.outcome === undefined ? undefined : await this.#load(id, claim.outcome, job);
    if (result) {
      const request = await loadRequest(member, job.request);
      await history.record(request, result.generation, defined({ nodeId: job.nodeId }));
      onWarning(warning('cluster_orphan', { node }));
    }
    await untilBack(member, () => member.call('delivered', { id }));
    await Promise.all([result?.drop(), dropBlobs(member, listBlobs(job))]);
  }

  /**
   * A result with its images; undefined where it is a failure. The
   * addresses of what is paid for and cannot be fetched are told.
   */
  async #load(id: string, sealed: string, { request }: Job): Promise<Result | undefined> {
    const { member, download, onWarning } = this.#options;
    const { signal } = new AbortController();
    try {
      return await loadOutcome(member, id, { sealed, download: (answer) => download(answer, request, signal) });
    } catch (error) {
      const { urls = [] } = error instanceof ImageError ? error.details : {};
      const reason = error instanceof ImageError ? String(error.params.reason) : '';
      if (urls.length > 0) onWarning(warning('images_not_downloaded', { reason, addresses: urls.join(' ') }));
      return undefined;
    }
  }
}

function toList<T>(list: T[] | Record<string, never>): T[] {
  return Array.isArray(list) ? list : [];
}
