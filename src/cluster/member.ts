import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import type { AccountSettings } from '../account/settings.js';
import { ImageError } from '../errors.js';
import type { Ledger } from '../spending/ledger.js';
import { version } from '../user-agent.js';
import { announceSettings, type Announcement, type SharedLimits } from './announcement.js';
import { Cipher } from './cipher.js';
import type { AccountCluster } from './cluster-settings.js';
import { namePeriods, type PeriodNames, periodsAround } from './periods.js';
import { openRedis, toUnavailable, whenReady } from './redis.js';
import { sumShare } from './share.js';
import { newToken, StateScript } from './state-script.js';
import { type ClusterTiming, usualTiming } from './timing.js';

/** What a member of a cluster works with. */
export interface MemberOptions {
  settings: AccountSettings;
  cluster: AccountCluster;
  /** The same after a restart. */
  id: string;
  ledger: Ledger;
  timing?: Partial<ClusterTiming>;
}

/** A request that was sent and of which Redis may not know yet how it ended. */
export interface OpenRequest {
  id: string;
  token: string;
  /** What it counts as, in millionths. */
  amount: number;
  /** Makes it known to a Redis that was emptied. */
  fields: Record<string, string | number>;
}

interface Beat {
  now: number;
  epoch: string;
  workers: number;
  limits: SharedLimits;
  twin: boolean;
  differs?: { what: string; theirs: string; ours: string };
}

/** What any operation answers where Redis is in another epoch than this instance. */
interface OtherEpoch {
  epoch?: string;
}

/** An instance in the cluster of one account: its connection, its heartbeats, and the truth about what it spent. */
export class Member {
  /** Of this process; requests and results belong to it while it lives. */
  readonly nonce = newToken();
  readonly timing: ClusterTiming;
  readonly tag: string;
  readonly cipher: Cipher;
  /** What was sent and not handed in yet. */
  readonly open = new Map<string, OpenRequest>();
  /** What is booked in Redis and not in the ledger yet. */
  readonly #booking = new Set<Promise<unknown>>();
  readonly redis: Redis;
  readonly #script: StateScript;
  readonly #options: MemberOptions;
  #announcement: Announcement;
  #epoch: string | undefined;
  #joining: Promise<void> | undefined;
  #beat: Beat | undefined;
  #clockOffset = 0;
  #since = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(redis: Redis, cipher: Cipher, options: MemberOptions) {
    const { cluster, settings, id } = options;
    this.redis = redis;
    this.#options = options;
    this.cipher = cipher;
    this.timing = { ...usualTiming, ...options.timing };
    this.tag = `{${cluster.prefix}:${cluster.account}}`;
    this.#script = new StateScript(redis, this.tag);
    const secret = cipher.digest('the same secret').slice(0, 16);
    this.#announcement = { id, host: hostname(), version, secret, ...announceSettings(settings, cluster) };
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
    const { cluster } = options;
    const [redis, cipher] = await Promise.all([
      openRedis(cluster),
      Cipher.open(cluster.secret, `${cluster.prefix}:${cluster.account}`),
      options.ledger.load(),
    ]);
    return new Member(redis, cipher, options);
  }

  get id(): string {
    return this.#announcement.id;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get replicas(): string {
    return this.#announcement.replicas;
  }

  /** The limits that hold for all live instances together, as far as they are known. */
  get limits(): SharedLimits | undefined {
    return this.#beat?.limits;
  }

  /** How many live instances take requests. */
  get workers(): number | undefined {
    return this.#beat?.workers;
  }

  /** Tells the others at once what has changed in the settings. */
  configure(settings: AccountSettings, cluster: AccountCluster): void {
    this.#announcement = { ...this.#announcement, ...announceSettings(settings, cluster) };
    this.#beatAgain();
  }

  /**
   * Resolves once this instance is in the cluster and its share of the spending is known there.
   *
   * @throws ImageError `cluster_unavailable`, or `not_configured` where other instances mean another service.
   */
  async ready(): Promise<void> {
    await whenReady(this.redis);
    await this.#join();
  }

  /**
   * Runs an operation of the script in the current epoch.
   *
   * @throws ImageError `cluster_unavailable` where Redis does not answer: whether it took effect is then unknown.
   */
  async call<Answer>(operation: string, args: object, bytes?: Buffer): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      await this.ready();
      const answer = await this.#run<Answer & OtherEpoch>(operation, args, bytes);
      if (answer.epoch === undefined || operation === 'heartbeat') return answer;
      if (tries === 3) throw toUnavailable(new Error('it is restarting'));
      this.#joining = undefined;
    }
  }

  /** Replaces this instance's share of the spending by what its ledger says. */
  async contribute(epoch = this.#epoch): Promise<void> {
    while (this.#booking.size > 0) await Promise.allSettled(this.#booking);
    const { ledger } = this.#options;
    await ledger.load();
    const share = sumShare(ledger, this.#announcement.timezone);
    await this.#run('contribute', { ...share, epoch, open: [...this.open.values()] });
  }

  /** Books in Redis and in the ledger with no share told in between. */
  whileBooking<T>(book: () => Promise<T>): Promise<T> {
    const booking = book();
    this.#booking.add(booking);
    return booking.finally(() => this.#booking.delete(booking));
  }

  /** Everything ends; what is under way here goes on without Redis. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#run('leave', {}).catch(() => undefined);
    this.redis.disconnect();
  }

  /** The time of Redis, as far as it is known. */
  now(): number {
    return Date.now() + this.#clockOffset;
  }

  /** The names of the periods that a time of Redis lies in. */
  namePeriods(time: number): PeriodNames {
    return namePeriods(time, this.#announcement.timezone);
  }

  /** Corrects what is thought of Redis's clock. */
  setClock(now: number): void {
    this.#clockOffset = now - Date.now();
  }

  #beatAgain(): void {
    if (this.redis.status === 'ready') this.#heartbeat().catch(() => (this.#joining = undefined));
  }

  #join(): Promise<void> {
    if (this.#isClosed) return Promise.reject(toUnavailable(new Error('this instance has left')));
    return (this.#joining ??= this.#heartbeat().catch((error: unknown) => {
      this.#joining = undefined;
      throw error;
    }));
  }

  async #heartbeat(): Promise<void> {
    const { block } = this.timing;
    const beat = await this.#run<Beat>('heartbeat', { said: this.#announcement, newEpoch: newToken(), block });
    if (beat.differs) {
      const { what, theirs, ours } = beat.differs;
      throw new ImageError('not_configured', 'cluster_differs', {
        ...{ account: this.#options.cluster.account, what },
        ...(what === 'secret' ? { theirs: '…', ours: '…' } : { theirs, ours }),
      });
    }
    this.setClock(beat.now);
    if (beat.twin && beat.now - this.#since > 2 * this.timing.alive) this.#takeAnotherId();
    if (beat.epoch !== this.#epoch) await this.contribute(beat.epoch);
    this.#epoch = beat.epoch;
    this.#beat = beat;
  }

  /** A copy of this installation is alive, with the same id: results must not get to the wrong house. */
  #takeAnotherId(): void {
    this.#announcement = { ...this.#announcement, id: newToken() };
    this.#since = Date.now();
    this.#epoch = undefined;
  }

  async #run<Answer>(operation: string, args: object, bytes?: Buffer): Promise<Answer> {
    const { nonce, timing } = this;
    const common = {
      ...{ nonce, instance: this.id, epoch: this.#epoch, alive: timing.alive, grace: timing.grace },
      periods: periodsAround(this.now(), this.#announcement.timezone),
    };
    return this.#script.run<Answer>(operation, { ...common, ...args }, bytes).catch((error: unknown) => {
      throw toUnavailable(error);
    });
  }
}
