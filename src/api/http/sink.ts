/** Consumes the body of an answer as it arrives. An error that it throws ends the exchange at once. */
export interface Sink<T> {
  /** The memory of the chunk is reused: copy what is to be kept. */
  write(chunk: Buffer): void;
  end(): T;
  /** The result of a body that broke off; undefined = none. */
  cut?(): T | undefined;
}
