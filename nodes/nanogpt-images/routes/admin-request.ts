import type { NodeAPI } from 'node-red';

/** A request of the editor; the signal aborts when the editor no longer waits for the answer. */
export interface AdminRequest {
  RED: NodeAPI;
  body: unknown;
  /** The parameters in the path and behind the `?`. */
  params: Record<string, string>;
  signal: AbortSignal;
}

/** The answer of a handler that sends an image instead of plain data. */
export class ImageAnswer {
  constructor(
    readonly bytes: Buffer,
    readonly mime: string,
  ) {}
}

/** A body or a parameter that the editor does not send. */
export class BadRequest extends Error {}

/** Something that does not exist, or no longer does. */
export class NotFound extends Error {}
