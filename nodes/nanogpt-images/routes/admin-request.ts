import type { NodeAPI } from 'node-red';

/** A request of the editor on its way to a handler; the signal aborts when the editor no longer waits for the answer. */
export interface AdminRequest {
  RED: NodeAPI;
  body: unknown;
  signal: AbortSignal;
}
