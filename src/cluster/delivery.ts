import type { GenerationRequest } from '../generation.js';

/** The most bytes of a message that is kept for another node to deliver. */
export const mostSnapshot = 1_000_000;

/** The node that asks, and its message as plain data. */
export interface Recovery {
  nodeId: string;
  nodeType: string;
  /** As `v8.serialize` writes it; absent where the message cannot be made again, or is larger than `mostSnapshot`. */
  message?: Uint8Array;
}

/** A request of a dead asker, for the instance that delivers its result. */
export interface RecoveredRequest {
  id: string;
  request: GenerationRequest;
}

/** Gives messages of dead askers to nodes that run here. */
export interface Delivery {
  /** Whether a node of this id and type runs here now. */
  has(nodeId: string, nodeType: string): boolean;
  /** Lets the node handle the message, whose request was made before. */
  deliver(nodeId: string, message: Record<string, unknown>, recovered: RecoveredRequest): void;
}
