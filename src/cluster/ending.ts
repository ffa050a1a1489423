/** How a request ends: once with a value or a failure. It may also fail after its value, while that is brought home. */
export class Ending<T> {
  readonly #value: Promise<T>;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  readonly #failure: Promise<never>;
  #rejectFailure!: (error: unknown) => void;
  #hasFailed = false;

  constructor() {
    this.#value = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#failure = new Promise((_, reject) => (this.#rejectFailure = reject));
    // Nobody may listen yet.
    for (const promise of [this.#value, this.#failure]) promise.catch(() => undefined);
  }

  /** Rejects with the failure where that comes first. */
  get value(): Promise<T> {
    return this.#value;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  resolve(value: T): void {
    this.#resolve(value);
  }

  fail(error: unknown): void {
    this.#hasFailed = true;
    this.#reject(error);
    this.#rejectFailure(error);
  }

  /** What work comes to, unless the failure comes before. */
  orFailure<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#failure]);
  }
}
