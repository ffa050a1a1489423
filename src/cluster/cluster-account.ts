import { join } from 'node:path';
import type { AccountContext } from '../account/send-request.js';
import type { AccountOptions, AccountSettings } from '../account/settings.js';
import type { Generation, GenerationRequest, Warning } from '../generation.js';
import type { History } from '../history/history.js';
import type { Ledger } from '../spending/ledger.js';
import type { Announcement, SharedLimits } from './announcement.js';
import { Asker } from './asker.js';
import type { AccountCluster } from './cluster-settings.js';
import type { Delivery } from './delivery.js';
import { makeDownloadAnswer } from './download-answer.js';
import type { AskOptions } from './enqueue.js';
import { Events } from './events.js';
import { readInstanceId } from './instance-id.js';
import { JobQueue } from './job-queue.js';
import { Follower } from './follower.js';
import { Member } from './member.js';
import { Recoverer } from './recoverer.js';
import { Reuse } from './reuse.js';
import { RunningRequests } from './running-requests.js';
import { SharedHistory } from './shared-history.js';
import { SharedModels } from './shared-models.js';
import { SharedSpending } from './shared-spending.js';
import type { ClusterTiming } from './timing.js';
import { ClusterWorker } from './worker.js';

/** What an account gives to its cluster. */
export interface ClusterAccountOptions {
  settings: AccountSettings;
  cluster: AccountCluster;
  /** Where the id of this installation is kept; absent = it has another one after each start. */
  storage: AccountOptions['storage'];
  ledger: Ledger;
  history: History;
  context(): AccountContext;
  delivery?: Delivery;
  timing?: Partial<ClusterTiming>;
  onWarning(warning: Warning): void;
  /** Called when what other instances do has changed. */
  onChange?: () => void;
}

/** Who is in the cluster of an account, and what holds for all of them. */
export interface ClusterState {
  instances: Announcement[];
  limits: SharedLimits;
  /** How full Redis is, in percent of its `maxmemory`; 0 where it has none. */
  memory: number;
}

/** What changes the list of running requests, or of what was made. */
const changes = ['wait', 'sent', 'ended', 'cancel', 'kept'] as const;

/** The part of an account that it shares with other instances; README.md beside this file has the whole. */
export class ClusterAccount {
  readonly spending: SharedSpending;
  readonly requests: RunningRequests;
  readonly history: SharedHistory;
  readonly models: SharedModels;
  readonly #member: Member;
  readonly #events: Events;
  readonly #queue: JobQueue;
  readonly #asker: Asker;
  readonly #recoverer: Recoverer;
  readonly #worker: ClusterWorker | undefined;
  readonly #reuse: Reuse;
  readonly #stopSharing: () => void;

  private constructor(
    { cluster, history, context, onWarning, ...options }: ClusterAccountOptions,
    parts: { member: Member; events: Events; queue: JobQueue; worker: ClusterWorker | undefined },
  ) {
    const { member, events, queue, worker } = parts;
    this.#member = member;
    this.#events = events;
    this.#queue = queue;
    this.#worker = worker;
    const download = makeDownloadAnswer(() => context().connection);
    this.#asker = new Asker({ member, events, queue, download, timeout: () => context().settings.timeout });
    const recovery = { member, asker: this.#asker, queue, history, download, onWarning };
    this.#recoverer = new Recoverer({ ...recovery, ...(options.delivery && { delivery: options.delivery }) });
    this.spending = new SharedSpending(member, cluster.timezone);
    this.requests = new RunningRequests(member);
    this.history = new SharedHistory(member, history);
    this.models = new SharedModels(member);
    const follower = new Follower({ member, events, download });
    this.#reuse = new Reuse({ asker: this.#asker, follower, history: this.history });
    this.#stopSharing = history.onRecord((images) => void this.history.share(images).catch(() => undefined));
    const { onChange } = options;
    if (onChange) for (const name of changes) events.on(name, () => onChange());
  }

  /**
   * Enters the cluster, without waiting for Redis to be there, and takes requests where the settings say so.
   *
   * @throws ImageError `not_configured` where the packages are missing.
   */
  static async open(options: ClusterAccountOptions): Promise<ClusterAccount> {
    const { settings, cluster, ledger, history, storage, timing, context } = options;
    const id = await readInstanceId(
      storage && { directory: join(storage.directory, 'cluster'), account: storage.name },
    );
    const member = await Member.connect({
      onWarning: options.onWarning,
      settings,
      cluster,
      id,
      ledger,
      ...(timing && { timing }),
    });
    const [events, queue] = await Promise.all([Events.open(cluster, member.tag), JobQueue.open(cluster)]);
    const takesRequests = cluster.role !== 'ask';
    const worker = takesRequests
      ? await ClusterWorker.start({ member, events, ledger, cluster, context, history })
      : undefined;
    return new ClusterAccount(options, { member, events, queue, worker });
  }

  /** The same request as another instance has made it, where that is recent enough and Redis has all of its images. */
  find(request: GenerationRequest, options: AskOptions): Promise<Generation | undefined> {
    return this.#reuse.find(request, options);
  }

  /** @throws ImageError as `Reuse.ask` does. */
  ask(request: GenerationRequest, options: AskOptions): Promise<Generation> {
    return this.#reuse.ask(request, options);
  }

  /** @throws ImageError as `Asker.resume` does. */
  resume(id: string, options: AskOptions): Promise<Generation> {
    return this.#asker.resume({ id }, options);
  }

  /** Whether Redis answers now, as far as is known. */
  get isReachable(): boolean {
    return this.#member.redis.status === 'ready';
  }

  configure(settings: AccountSettings, cluster: AccountCluster): void {
    this.#member.configure(settings, cluster);
  }

  /** @throws ImageError `cluster_unavailable`, or `not_configured` where other instances mean another service. */
  ready(): Promise<void> {
    return this.#member.ready();
  }

  /** Tells the cluster what the ledger says, after something in it was settled by hand. */
  contribute(): Promise<void> {
    return this.#member.contribute();
  }

  /** @throws ImageError `cluster_unavailable` */
  state(): Promise<ClusterState> {
    return this.#member.call<ClusterState>('instances', {});
  }

  /** Leaves the cluster; where it `waits`, requests that were asked or are under way here are finished first. */
  async close({ waits = false } = {}): Promise<void> {
    this.#stopSharing();
    this.#recoverer.close();
    this.#member.stopWorking();
    await this.#worker?.close({ waits });
    await this.#asker.close({ waits });
    this.#events.close();
    await this.#queue.close();
    await this.#member.close();
  }
}
