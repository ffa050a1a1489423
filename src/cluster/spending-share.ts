import type { Ledger } from '../spending/ledger.js';
import { sumShare } from './sum-share.js';

/** A request that was sent and of which Redis may not know yet how it ended. */
export interface OpenRequest {
  id: string;
  token: string;
  /** What it counts as, in millionths. */
  amount: number;
  /** Makes it known to a Redis that was emptied. */
  fields: Record<string, string | number>;
}

/** What this instance has spent, as it tells Redis: its ledger, and what is under way. */
export class SpendingShare {
  /** What was sent and not handed in yet. */
  readonly open = new Map<string, OpenRequest>();
  readonly #ledger: Ledger;
  readonly #timezone: string;
  /** What is booked in Redis and not in the ledger yet. */
  readonly #booking = new Set<Promise<unknown>>();

  constructor(ledger: Ledger, timezone: string) {
    this.#ledger = ledger;
    this.#timezone = timezone;
  }

  /**
   * Books in Redis and in the ledger with no share told in between. Must
   * not wait for one to be told: that would wait for this.
   */
  whileBooking<T>(book: () => Promise<T>): Promise<T> {
    const booking = book();
    this.#booking.add(booking);
    return booking.finally(() => this.#booking.delete(booking));
  }

  /** Calls `send` with the share while nothing is half booked. */
  async tell(send: (share: object) => Promise<unknown>): Promise<void> {
    await this.#ledger.load();
    while (this.#booking.size > 0) await Promise.allSettled(this.#booking);
    await send({ ...sumShare(this.#ledger, this.#timezone), open: [...this.open.values()] });
  }
}
