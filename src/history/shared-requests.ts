import { abortable } from '../abortable.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { GeneratedImage, Generation } from '../generation.js';
import { copyBytes } from './copy-bytes.js';
import type { HistoryItem } from './history-item.js';

/** What each participant of a shared request passes in. */
export interface ShareOptions<State> {
  signal: AbortSignal;
  onState?: (state: State) => void;
  /** Called once the first image is in the history. */
  onKept?: (item: HistoryItem) => void;
}

/** Sends the request; the signal aborts when no participant waits any more. */
export type SendShared<State> = (options: Required<ShareOptions<State>>) => Promise<Generation>;

/** One request and its participants, the first of which pays. */
class SharedRequest<State> {
  readonly outcome: Promise<Generation>;
  readonly #participants = new Set<ShareOptions<State>>();
  readonly #controller = new AbortController();
  #state: State | undefined;

  constructor(send: SendShared<State>) {
    const onState = (state: State): void => {
      this.#state = state;
      for (const participant of this.#participants) participant.onState?.(state);
    };
    const onKept = (item: HistoryItem): void => {
      for (const participant of this.#participants) participant.onKept?.(item);
    };
    // Not before the first participant has joined.
    this.outcome = Promise.resolve().then(() => send({ signal: this.#controller.signal, onState, onKept }));
  }

  /** Whether no participant waits any more. */
  get isAbandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** @throws what the request fails with; `signal.reason` when aborted while others still wait for it. */
  async join(participant: ShareOptions<State>): Promise<Generation> {
    const { signal, onState } = participant;
    this.#participants.add(participant);
    if (this.#state !== undefined) onState?.(this.#state);
    const left = new AbortController();
    const leave = (): void => this.#leave(participant, left);
    signal.addEventListener('abort', leave, { once: true });
    try {
      const generation = await abortable(this.outcome, left.signal);
      const [payer] = this.#participants;
      return participant === payer ? generation : toReused(generation.images, generation);
    } catch (error) {
      // Each flow gets its own error object: the node translates it in place.
      throw error instanceof ImageError ? error.with({}) : error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** The last participant to leave aborts the request, and learns from its error whether it was charged. */
  #leave(participant: ShareOptions<State>, left: AbortController): void {
    const { reason } = participant.signal as { reason: unknown };
    if (this.#participants.size === 1) return this.#controller.abort(reason);
    this.#participants.delete(participant);
    left.abort(reason);
  }
}

/** Sends the same request only once while one is under way. */
export class SharedRequests<State> {
  readonly #underWay = new Map<string, SharedRequest<State>>();

  /**
   * Sends a request, or joins one of the same digest that is under way.
   *
   * @throws what the request fails with; `signal.reason` when aborted, also before: nothing is sent then.
   */
  async join(digest: string, options: ShareOptions<State>, send: SendShared<State>): Promise<Generation> {
    options.signal.throwIfAborted();
    const known = this.#underWay.get(digest);
    if (known && !known.isAbandoned) return known.join(options);
    const shared = new SharedRequest(send);
    this.#underWay.set(digest, shared);
    const end = (): void => {
      if (this.#underWay.get(digest) === shared) this.#underWay.delete(digest);
    };
    shared.outcome.finally(end).catch(() => undefined);
    return shared.join(options);
  }
}

/** A generation that costs nothing, with copies of the images. */
export function toReused(
  images: GeneratedImage[],
  { currency, model, requestId }: Pick<Generation, 'currency' | 'model' | 'requestId'>,
): Generation {
  return {
    images: images.map(({ url: _, expires: __, ...image }) => ({ ...image, bytes: copyBytes(image.bytes) })),
    received: images.length,
    reused: true,
    cost: 0,
    ...defined({ currency, model, requestId }),
    attempts: 0,
    durationMs: 0,
    warnings: [],
  };
}
