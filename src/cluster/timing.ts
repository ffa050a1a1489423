/** How patient a cluster is, in milliseconds. */
export interface ClusterTiming {
  /** Between two signs of life of an instance. */
  heartbeat: number;
  /** An instance without a sign of life for so long is dead. */
  alive: number;
  /** After Redis has forgotten, nothing is sent for so long: every instance tells first what it has spent. */
  block: number;
  /** A request that was sent is open so long after its deadline. */
  grace: number;
  /** How long a request waits where no instance takes any. */
  noWorker: number;
  /** How long a request waits for a Redis that does not answer. */
  away: number;
  /** Between two looks for requests whose asker or worker has died. */
  sweep: number;
  /** Between two looks at the requests that this instance waits for, should a message have been lost. */
  look: number;
  /** A job whose worker has not been heard of for so long goes to the next one. */
  lock: number;
}

export const usualTiming: ClusterTiming = {
  heartbeat: 2000,
  alive: 10_000,
  block: 3000,
  grace: 60_000,
  noWorker: 30_000,
  away: 30_000,
  sweep: 2000,
  look: 2000,
  lock: 10_000,
};
