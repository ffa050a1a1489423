import { setMaxListeners } from 'node:events';
import type Agent from 'undici/lib/dispatcher/agent.js';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import { ImageError } from '../../errors.js';
import { userAgent } from '../../user-agent.js';
import { BlockedAddress } from './address-guard.js';
import type { Body } from './body.js';
import { type CancellableDispatch, openConnections } from './connections.js';
import type { ConnectOptions } from './connector.js';
import { bodyHeaders, plainHeaders, proxyHeaders } from './headers.js';
import { inflated } from './inflate.js';
import { Interruption } from './interruption.js';
import { ProxyError } from './proxy-error.js';
import { forwardProxyFor } from './proxy.js';
import { BodyMemory } from './read-memory.js';
import type { Sink } from './sink.js';

/** One request and how long it may take as a whole, in milliseconds from its start to the last byte of the answer. */
export interface Exchange {
  url: URL;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: Body;
  timeout: number;
}

/** The header of an answer; names in lower case, repeated headers joined. */
export interface ResponseHead {
  status: number;
  headers: Record<string, string>;
}

/** How far a request got, which decides whether it may have been charged. */
interface Progress<T> {
  /** Some bytes were written. */
  started: boolean;
  /** The last byte was handed to the socket. */
  complete: boolean;
  /** The sink of the answer, once it has begun. */
  sink?: Sink<T>;
}

/**
 * Sends a request once, never retries it, and says of every failure whether the request may have reached the service.
 * undici's own timeouts are off: one deadline covers the whole exchange.
 */
export class Transport {
  readonly #clock: Clock;
  readonly #agent: Agent;
  readonly #options: ConnectOptions;

  constructor(clock: Clock, options: ConnectOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.#agent = openConnections(options);
  }

  /**
   * Sends the request and writes the answer to the sink that `receive` opens for its header.
   *
   * For an answer that breaks off, resolves with what its sink can make of it.
   *
   * @throws ImageError `unreachable`, `timed_out`, `connection_lost`;
   * `signal.reason` when aborted; what the sink throws.
   */
  async exchange<T>(exchange: Exchange, receive: (head: ResponseHead) => Sink<T>, signal: AbortSignal): Promise<T> {
    const progress: Progress<T> = { started: false, complete: exchange.body === undefined };
    const interruption = new Interruption();
    const stop = (): void => interruption.interrupt(signal.reason as Error);
    // Many exchanges may share a signal, each with a listener of its own.
    if (signal instanceof EventTarget) setMaxListeners(0, signal);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
    const cancel = this.#clock.after(exchange.timeout, () => interruption.interrupt(timedOut(exchange, progress)));
    try {
      return await this.#dispatch(exchange, receive, progress, interruption);
    } catch (error) {
      if (signal.aborted)
        throw signal.reason instanceof ImageError && progress.started
          ? signal.reason.with({ charged: 'unknown' })
          : signal.reason;
      const failure = error instanceof ImageError ? error : cutOff(exchange, progress, error);
      const saved = ['connection_lost', 'timed_out'].includes(failure.code) ? progress.sink?.cut?.() : undefined;
      if (saved === undefined) throw failure;
      return saved;
    } finally {
      signal.removeEventListener('abort', stop);
      cancel();
    }
  }

  /** Ends all connections at once. */
  close(): void {
    this.#agent.destroy().catch(() => undefined);
  }

  /** Rejects with the reason as soon as it is interrupted. */
  #dispatch<T>(
    exchange: Exchange,
    receive: (head: ResponseHead) => Sink<T>,
    progress: Progress<T>,
    interruption: Interruption,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (interruption.reason) return reject(interruption.reason);
      let sink: Sink<T | Promise<T>> | undefined;
      let running: Dispatcher.DispatchController | undefined;
      const memory = new BodyMemory();
      interruption.listen((reason) => {
        reject(reason);
        running?.abort(reason);
      });
      const fail = (controller: Dispatcher.DispatchController, error: Error): void => {
        reject(error);
        controller.abort(error);
      };
      const guarded = (controller: Dispatcher.DispatchController, action: () => void): void => {
        try {
          action();
        } catch (error) {
          fail(controller, error as Error);
        }
      };
      const forward = forwardProxyFor(exchange.url, this.#options.proxy);
      const request: CancellableDispatch = {
        connectSignal: () => interruption.signal(),
        origin: exchange.url.origin,
        path: (forward ? exchange.url.origin : '') + exchange.url.pathname + exchange.url.search,
        method: exchange.method,
        headers: {
          'user-agent': userAgent,
          'accept-encoding': 'identity',
          ...exchange.headers,
          ...bodyHeaders(exchange.body),
          ...proxyHeaders(forward),
        },
        body: sendable(exchange.body, progress),
      };
      this.#agent.dispatch(request, {
        onRequestStart(controller) {
          // undici ignores a signal while a request waits for its socket, so this is the first chance to stop it.
          if (interruption.reason) return controller.abort(interruption.reason);
          running = controller;
          progress.started = true;
          // undici writes it together with the header, as soon as this returns.
          if (exchange.body?.text !== undefined) progress.complete = true;
        },
        onResponseStart(controller, status, headers) {
          if (status < 200) return;
          const head = { status, headers: plainHeaders(headers) };
          guarded(controller, () => {
            // Only a proxy answers 407: the request has not reached the service.
            if (forward && status === 407) throw refusedByProxy(exchange, forward);
            progress.sink = receive(head);
            const flow = {
              fail: (error: Error) => fail(controller, error),
              pause: () => controller.pause(),
              resume: () => controller.resume(),
            };
            sink = inflated(head.headers['content-encoding'], progress.sink, flow);
          });
        },
        onResponseData(controller, chunk) {
          memory.next(chunk);
          guarded(controller, () => sink?.write(chunk));
        },
        onResponseEnd(controller) {
          guarded(controller, () => resolve(sink!.end()));
        },
        onResponseError(_, error) {
          reject(error);
        },
      });
    });
  }
}

/** Text is sent together with the header in one write: every further write costs a TLS record and a system call. */
function sendable(
  body: Body | undefined,
  progress: Progress<unknown>,
): NonNullable<Dispatcher.DispatchOptions['body']> | null {
  if (!body) return null;
  return body.text ?? (watched(body, progress) as unknown as NonNullable<Dispatcher.DispatchOptions['body']>);
}

/** The chunks of a body, noting when the last one has been asked for. */
async function* watched(body: Body, progress: Progress<unknown>): AsyncGenerator<Uint8Array> {
  let left = body.length;
  for await (const chunk of body.chunks()) {
    left -= chunk.length;
    if (left <= 0) progress.complete = true;
    yield chunk;
  }
}

function timedOut({ url, timeout }: Exchange, { started }: Progress<unknown>): ImageError {
  const params = { host: url.host, seconds: Math.round(timeout / 1000) };
  return started
    ? new ImageError('timed_out', 'timed_out', params)
    : new ImageError('unreachable', 'unreachable_in_time', params);
}

function refusedByProxy({ url }: Exchange, forward: URL): ImageError {
  const params = { host: url.host, proxy: forward.host, reason: 'answered HTTP 407' };
  return new ImageError('unreachable', 'unreachable_by_proxy', params, { status: 407 });
}

function cutOff({ url }: Exchange, { started, complete }: Progress<unknown>, cause: unknown): ImageError {
  const params = { host: url.host };
  if (cause instanceof BlockedAddress) return new ImageError('blocked_address', 'blocked_address', params, { cause });
  if (cause instanceof ProxyError && !started) {
    const { proxy, reason } = cause;
    return new ImageError('unreachable', 'unreachable_by_proxy', { ...params, proxy, reason }, { cause });
  }
  if (!started) return new ImageError('unreachable', 'unreachable', params, { cause });
  return new ImageError('connection_lost', complete ? 'connection_lost' : 'connection_lost_early', params, {
    cause,
    charged: complete ? 'unknown' : 'no',
  });
}
