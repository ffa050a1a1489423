import { ActiveList } from '../active-list.js';

/** A request between its begin and its end. */
export interface TrackedRequest {
  /** The balance when it began; absent where that is not known, or where something else ran beside it. */
  before?: number;
  isAlone: boolean;
}

/** How a request ended, for the balance. */
export interface TrackedEnd {
  at: 'paid' | 'free' | 'unknown';
  /** Id of its entry in the ledger. */
  id: string;
  cost?: number;
  /** The balance in the service's answer. */
  remaining?: number;
}

/**
 * Follows the balance of an account, to help a user settle a request of unknown outcome by hand: by how much the
 * balance fell during the request, if no other request ran. What other programs spend with the same key is not seen, so
 * it never settles anything itself.
 */
export class BalanceTrail {
  readonly #underWay = new ActiveList<TrackedRequest>();
  readonly #differences = new Map<string, number>();
  /** The balance while nothing is under way. */
  #balance: number | undefined;
  #begun = 0;
  #unknown: { id: string; before: number } | undefined;

  begin(): TrackedRequest {
    this.#begun += 1;
    const isAlone = this.#underWay.size === 0;
    const request: TrackedRequest = { isAlone };
    if (isAlone && this.#balance !== undefined) request.before = this.#balance;
    for (const other of this.#underWay) other.isAlone = false;
    this.#underWay.add(request);
    return request;
  }

  end(request: TrackedRequest, { at, id, cost, remaining }: TrackedEnd): void {
    this.#underWay.delete(request);
    if (at === 'free' && request.isAlone) return;
    if (at === 'paid' && request.isAlone && remaining !== undefined && cost !== undefined) {
      this.#compare(remaining + cost);
      this.#balance = remaining;
      return;
    }
    const { before } = request;
    const isCertain = at === 'unknown' && request.isAlone && before !== undefined && !this.#unknown;
    this.#unknown = isCertain ? { id, before } : undefined;
    this.#balance = undefined;
  }

  /**
   * Call it before fetching the balance; the returned function takes the
   * answer, which counts only if no request ran meanwhile.
   */
  observe(): (balance: number) => void {
    const begun = this.#begun;
    const isIdle = this.#underWay.size === 0;
    return (balance) => {
      if (!isIdle || begun !== this.#begun) return;
      this.#compare(balance);
      this.#balance = balance;
    };
  }

  /** Whether fetching the balance now would say something about a request of unknown outcome. */
  get wantsBalance(): boolean {
    return this.#unknown !== undefined && this.#underWay.size === 0;
  }

  /** By how much the balance fell while a request of unknown outcome ran; undefined where that is not known. */
  findDifference(id: string): number | undefined {
    return this.#differences.get(id);
  }

  #compare(after: number): void {
    if (!this.#unknown) return;
    this.#differences.set(this.#unknown.id, Math.round((this.#unknown.before - after) * 1e6) / 1e6);
    this.#unknown = undefined;
  }
}
