/** Takes the body of an answer as it arrives. What it throws ends the exchange at once. */
export interface Sink<T> {
  /** The memory of the chunk is used again: what is kept of it must be copied. */
  write(chunk: Buffer): void;
  end(): T;
  /** What can be made of a body that broke off; undefined = nothing. */
  cut?(): T | undefined;
}
