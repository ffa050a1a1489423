import { ImageError } from '../errors.js';
import type { Announcement, SharedLimits } from './announcement.js';
import { newToken } from './state-script.js';
import type { ClusterTiming } from './timing.js';

/** What an instance learns with each sign of life. */
interface Beat {
  now: number;
  epoch: string;
  workers: number;
  limits: SharedLimits;
  twin: boolean;
  differs?: { what: string; theirs: string; ours: string };
}

export interface HeartbeatOptions {
  announcement: Announcement;
  /** Name of the account in the cluster. */
  account: string;
  timing: ClusterTiming;
  run<Answer>(operation: string, args: object): Promise<Answer>;
  /** Tells in a new epoch what this instance has spent. */
  contribute(epoch: string): Promise<void>;
  /** Called with the time of Redis. */
  onTime(now: number): void;
}

/** The signs of life of an instance: what it tells of itself, and what holds in the cluster. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #announcement: Announcement;
  #epoch: string | undefined;
  #last: Beat | undefined;
  #since = performance.now();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#announcement = options.announcement;
  }

  get announcement(): Announcement {
    return this.#announcement;
  }

  /** In which Redis knows what this instance has spent; undefined before that. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  get limits(): SharedLimits | undefined {
    return this.#last?.limits;
  }

  get workers(): number | undefined {
    return this.#last?.workers;
  }

  /** Changes what the next one tells. */
  announce(changes: Partial<Announcement>): void {
    this.#announcement = { ...this.#announcement, ...changes };
  }

  /** @throws ImageError `cluster_unavailable`, or `not_configured` where other instances mean another service. */
  async beat(): Promise<void> {
    const { timing, run, contribute, onTime } = this.#options;
    const said = this.#announcement;
    const beat = await run<Beat>('heartbeat', { said, newEpoch: newToken(), block: timing.block });
    if (beat.differs) throw this.#refusal(beat.differs);
    onTime(beat.now);
    if (beat.twin && performance.now() - this.#since > 2 * timing.alive) this.#takeAnotherId();
    if (beat.epoch !== this.#epoch) await contribute(beat.epoch);
    this.#epoch = beat.epoch;
    this.#last = beat;
  }

  #refusal({ what, theirs, ours }: NonNullable<Beat['differs']>): ImageError {
    const values = what === 'secret' ? { theirs: '…', ours: '…' } : { theirs, ours };
    return new ImageError('not_configured', 'cluster_differs', { account: this.#options.account, what, ...values });
  }

  /** A copy of this installation is alive, with the same id: results must not get to the wrong house. */
  #takeAnotherId(): void {
    this.announce({ id: newToken() });
    this.#since = performance.now();
    this.#epoch = undefined;
  }
}
