import type { NodeAPI } from 'node-red';

/** A request of the editor on its way to a handler; the signal aborts when the editor no longer waits for the answer. */
export interface AdminRequest {
  RED: NodeAPI;
  body: unknown;
  /** The parameters in the path and behind the `?`. */
  params: Record<string, string>;
  signal: AbortSignal;
}

/** What a handler gives where it has an image to send, instead of plain data. */
export class ImageAnswer {
  constructor(
    readonly bytes: Buffer,
    readonly mime: string,
  ) {}
}

/** A body or a parameter that the editor does not send. */
export class BadRequest extends Error {}

/** Something that is not there, or no longer. */
export class NotFound extends Error {}
