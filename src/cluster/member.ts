import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import type { AccountSettings } from '../account/settings.js';
import { ImageError } from '../errors.js';
import type { Warning } from '../generation.js';
import type { Ledger } from '../spending/ledger.js';
import { version } from '../user-agent.js';
import { warning } from '../warning.js';
import { announceSettings, type SharedLimits } from './announcement.js';
import { Cipher } from './cipher.js';
import type { AccountCluster } from './cluster-settings.js';
import { Heartbeat } from './heartbeat.js';
import { processId } from './instance-id.js';
import { openRedis, toUnavailable } from './redis.js';
import { RedisClock } from './redis-clock.js';
import { type OpenRequest, SpendingShare } from './spending-share.js';
import { StateConnection } from './state-connection.js';
import { newToken } from './state-script.js';
import { type ClusterTiming, usualTiming } from './timing.js';

/** What a member of a cluster works with. */
export interface MemberOptions {
  settings: AccountSettings;
  cluster: AccountCluster;
  /** The same after a restart. */
  id: string;
  ledger: Ledger;
  timing?: Partial<ClusterTiming>;
  onWarning(warning: Warning): void;
}

/** What an instance may not begin while others mean another service; what was sent before is finished. */
const beginnings = new Set(['enqueue', 'reserve', 'send', 'adopt', 'sweep']);

/** What any operation answers where Redis is in another epoch than this instance. */
interface OtherEpoch {
  epoch: string;
}

/** An instance in the cluster of one account. */
export class Member {
  /** Of this process; requests and results belong to it while it lives. */
  readonly nonce = newToken();
  readonly timing: ClusterTiming;
  readonly tag: string;
  readonly cipher: Cipher;
  readonly redis: Redis;
  readonly clock: RedisClock;
  readonly #state: StateConnection;
  readonly #heartbeat: Heartbeat;
  readonly #share: SpendingShare;
  readonly #timer: NodeJS.Timeout;
  #joining: Promise<void> | undefined;
  #isClosed = false;

  private constructor(redis: Redis, cipher: Cipher, { cluster, settings, id, ledger, timing }: MemberOptions) {
    const { account, timezone } = cluster;
    this.redis = redis;
    this.cipher = cipher;
    this.timing = { ...usualTiming, ...timing };
    this.tag = `{${cluster.prefix}:${account}}`;
    this.clock = new RedisClock(timezone);
    this.#state = new StateConnection(redis, this.tag);
    this.#share = new SpendingShare(ledger, timezone);
    this.#heartbeat = new Heartbeat({
      ...{ account, timing: this.timing },
      announcement: {
        id,
        process: processId,
        host: hostname(),
        version,
        secret: cipher.fingerprint,
        ...announceSettings(settings, cluster),
      },
      run: (operation, args) => this.#run(operation, args),
      contribute: (epoch) => this.contribute(epoch),
      onTime: (now) => this.clock.set(now),
    });
    redis.on('close', () => (this.#joining = undefined));
    redis.on('ready', () => {
      this.#join().catch(() => undefined);
    });
    this.#timer = setInterval(() => this.#beatAgain(), this.timing.heartbeat).unref();
  }

  /**
   * Connects without waiting for Redis to be there.
   *
   * @throws ImageError `not_configured` where the packages are missing.
   */
  static async connect(options: MemberOptions): Promise<Member> {
    const { cluster, onWarning } = options;
    const warn = atMostHourly(() => onWarning(warning('cluster_forged', { account: cluster.account })));
    const [redis, cipher] = await Promise.all([
      openRedis(cluster),
      Cipher.open(cluster.secret, `${cluster.prefix}:${cluster.account}`, warn),
      options.ledger.load(),
    ]);
    return new Member(redis, cipher, options);
  }

  get id(): string {
    return this.#heartbeat.announcement.id;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get replicas(): string {
    return this.#heartbeat.announcement.replicas;
  }

  /** The limits that hold for all live instances together, as far as they are known. */
  get limits(): SharedLimits | undefined {
    return this.#heartbeat.limits;
  }

  /** What Redis remembers since; undefined before it is known. */
  get epoch(): string | undefined {
    return this.#heartbeat.epoch;
  }

  /** How many live instances take requests. */
  get workers(): number | undefined {
    return this.#heartbeat.workers;
  }

  /** What was sent and not handed in yet. */
  get open(): Map<string, OpenRequest> {
    return this.#share.open;
  }

  /** Tells the others at once what has changed in the settings. */
  configure(settings: AccountSettings, cluster: AccountCluster): void {
    this.#heartbeat.announce(announceSettings(settings, cluster));
    this.#joining = undefined;
    if (this.#state.isOpen) this.#join().catch(() => undefined);
  }

  /** Tells the others that this instance takes no more requests. */
  stopWorking(): void {
    this.#heartbeat.announce({ role: 'ask' });
    this.#beatAgain();
  }

  /**
   * Resolves once this instance is in the cluster and its share of the spending is known there.
   *
   * @throws ImageError `cluster_unavailable`, or `not_configured` where other instances mean another service.
   */
  async ready(): Promise<void> {
    await this.#state.ready();
    await this.#join();
  }

  /**
   * The same for what is under way, which goes on where this instance is refused for settings that have changed since.
   *
   * @throws ImageError `cluster_unavailable`
   */
  async readyToFinish(): Promise<void> {
    try {
      await this.ready();
    } catch (error) {
      const isRefused = error instanceof ImageError && error.key === 'cluster_differs';
      if (!isRefused || this.#heartbeat.epoch === undefined) throw error;
    }
  }

  /**
   * Runs an operation of the script in the current epoch.
   *
   * @throws ImageError `cluster_unavailable` where Redis does not answer: whether it took effect is then unknown;
   * `not_configured` where it begins something and other instances mean another service.
   */
  call<Answer>(operation: string, args: object, bytes?: Buffer): Promise<Answer> {
    return this.#inEpoch(operation, () => this.#run<Answer | OtherEpoch>(operation, args, bytes));
  }

  /** The same for an operation whose answer `record` brings into the ledger, with no share told in between. */
  book<Answer extends object, Result extends object>(
    operation: string,
    args: object,
    record: (answer: Answer) => Result | Promise<Result>,
  ): Promise<Result> {
    return this.#inEpoch(operation, () =>
      this.#share.whileBooking(async () => {
        const answer = await this.#run<Answer | OtherEpoch>(operation, args);
        return isOtherEpoch(answer) ? answer : record(answer);
      }),
    );
  }

  /** Replaces this instance's share of the spending by what its ledger says. */
  contribute(epoch = this.#heartbeat.epoch): Promise<void> {
    return this.#share.tell((share) => this.#run('contribute', { ...share, epoch }));
  }

  /** Everything ends; what is under way here goes on without Redis. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#run('leave', {}).catch(() => undefined);
    this.redis.disconnect();
  }

  #beatAgain(): void {
    if (this.#state.isOpen) this.#heartbeat.beat().catch(() => (this.#joining = undefined));
  }

  #join(): Promise<void> {
    if (this.#isClosed) return Promise.reject(toUnavailable(new Error('this instance has left')));
    return (this.#joining ??= this.#heartbeat.beat().catch((error: unknown) => {
      this.#joining = undefined;
      throw error;
    }));
  }

  /** Again in the next epoch, where an operation was refused for the epoch that it came from. */
  async #inEpoch<Answer>(operation: string, run: () => Promise<Answer | OtherEpoch>): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      await (beginnings.has(operation) ? this.ready() : this.readyToFinish());
      const answer = await run();
      if (!isOtherEpoch(answer)) return answer;
      if (tries === 3) throw toUnavailable(new Error('it is restarting'));
      this.#joining = undefined;
    }
  }

  #run<Answer>(operation: string, args: object, bytes?: Buffer): Promise<Answer> {
    const { nonce, timing } = this;
    const common = {
      ...{ nonce, instance: this.id, epoch: this.#heartbeat.epoch, alive: timing.alive, grace: timing.grace },
      periods: this.clock.periodsAroundNow(),
    };
    return this.#state.run<Answer>(operation, { ...common, ...args }, bytes);
  }
}

function isOtherEpoch<Answer>(answer: Answer | OtherEpoch): answer is OtherEpoch {
  return typeof answer === 'object' && answer !== null && 'epoch' in answer;
}

/** Someone who fills Redis with nonsense must not fill the log. */
function atMostHourly(action: () => void): () => void {
  let last = -Infinity;
  return () => {
    if (performance.now() - last < 3_600_000) return;
    last = performance.now();
    action();
  };
}
