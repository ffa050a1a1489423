import type { Clock } from '../clock.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest, Warning } from '../generation.js';
import { type Redact, makeRedact } from '../redact.js';
import { warning } from '../warning.js';
import { type ImageResponse, imageResponseSink, readResultInfo } from './response/image-response.js';
import { ignoresImages, redactUrl, withoutEdits } from './edits-support.js';
import { asFree } from './as-free.js';
import { type Endpoint, authorize, basicPassword, resolvePath } from './endpoint.js';
import { type FittedRequest, dialectFor, fitRequest } from './fit-request.js';
import type { InputLimits } from './models/input-limits.js';
import { findEntries } from './models/read-models.js';
import { failureSink, jsonSink, withHead } from './response/sinks.js';
import { readErrorInside } from './response/to-failure.js';
import { type AddressedAnswer, type AnswerInfo, type PaidAnswer, toAddressed } from './response/addressed-answer.js';
import { type CollectedImages, collectImages } from './response/collect-images.js';
import { differences } from './response/differences.js';
import { explainLoss } from './response/explain-loss.js';
import type { Sink } from './http/sink.js';
import type { Exchange, ResponseHead, Transport } from './http/transport.js';
import { redactError, redactResult } from './redact-answer.js';
import { withDrafts } from './with-drafts.js';

/** What a client depends on. */
export interface ClientOptions {
  transport: Transport;
  /** The bytes at an address that an answer holds. */
  fetchImage(url: string, signal: AbortSignal): Promise<Buffer>;
  /** What a model takes of input images, as far as it is known. */
  findLimits?(model: string, signal: AbortSignal): Promise<InputLimits | undefined>;
  clock: Clock;
}

/** The result of one attempt; the retries add the rest of the Generation. */
export type AttemptResult = Omit<Generation, 'attempts' | 'durationMs'>;

/** Who is told of an answer while it comes. */
export interface AnswerListeners {
  /** Called with each partial image, where the service sends any. */
  onDraft?: (bytes: Buffer) => void;
  /** Called with an answer that names addresses; nothing is downloaded before it resolves. */
  onAddresses?: (answer: AddressedAnswer) => Promise<void>;
}

/** A request for a person to read: images are shortened, the key is left out. */
export interface DryRun {
  method: string;
  url: string;
  /** As JSON holds it; a form as the list of its parts. */
  body: unknown;
}

/**
 * Sends requests to one service for one account; `timeout` is in milliseconds, for one whole request. Every method is
 * one attempt: nothing is retried here.
 */
export class Client {
  readonly #endpoint: Endpoint;
  readonly #timeout: number;
  readonly #transport: Transport;
  readonly #fetchImage: ClientOptions['fetchImage'];
  readonly #findLimits: ClientOptions['findLimits'];
  readonly #clock: Clock;
  #ignoresImages: Promise<boolean> | undefined;
  readonly #secrets: string[];
  /** The address of the route that was used last, which is mostly the one that is used next. */
  #route: { path: string; url: URL } | undefined;
  /** Removes the key from everything that goes into messages and errors. */
  readonly #redactKey: Redact;

  constructor(endpoint: Endpoint, timeout: number, { transport, fetchImage, findLimits, clock }: ClientOptions) {
    this.#endpoint = endpoint;
    this.#timeout = timeout;
    this.#transport = transport;
    this.#fetchImage = fetchImage;
    this.#findLimits = findLimits;
    this.#clock = clock;
    this.#secrets = [endpoint.apiKey, basicPassword(endpoint)];
    this.#redactKey = makeRedact(this.#secrets);
  }

  /**
   * The images of a request as service and model take them.
   *
   * @throws ImageError `too_large` or `invalid_input` where they cannot be made so.
   */
  async fit(request: GenerationRequest, signal: AbortSignal): Promise<FittedRequest> {
    const { images, model } = request;
    const isLimited = images.length > 0 && model !== undefined;
    const limits = isLimited ? await this.#findLimits?.(model, signal) : undefined;
    return fitRequest(request, { dialect: this.#endpoint.dialect, limits: limits ?? {}, signal });
  }

  /**
   * What `generate` would send for this request, with `drafts` where it asks for partial images; sends nothing.
   *
   * @throws ImageError as `fit` does.
   */
  async dryRun(request: GenerationRequest, signal: AbortSignal, { drafts = false } = {}): Promise<DryRun> {
    const { warnings: _, ...images } = await this.fit(request, signal);
    return this.summarize({ ...(drafts ? withDrafts(request, this.#endpoint.dialect) : request), ...images });
  }

  /** The request that `generate` sends, for a person; its images must be fitted already. */
  summarize(request: GenerationRequest): DryRun {
    const { path, body } = dialectFor(this.#endpoint.dialect, request).prepare(request);
    return { method: 'POST', url: redactUrl(resolvePath(this.#endpoint, path)), body: body.summarize() };
  }

  /**
   * Sends one generation request and downloads the results.
   *
   * @throws ImageError for every failure, with its verdict on the money.
   */
  async generate(
    request: GenerationRequest,
    signal: AbortSignal,
    { onDraft, onAddresses }: AnswerListeners = {},
  ): Promise<AttemptResult> {
    if (this.#endpoint.dialect.mayIgnoreImages && request.images.length > 0) await this.#requireImages(signal);
    const { path, body, limit = Infinity, warnings } = dialectFor(this.#endpoint.dialect, request).prepare(request);
    if (body.length > limit) throw tooLarge(body.length, limit);
    const redact = this.#redactSaid(request);
    const { head, answer } = await this.#call(
      { path, method: 'POST', body, headers: { ...authorize(this.#endpoint), ...this.#endpoint.headers } },
      redact,
      (head) => imageResponseSink(head, onDraft),
      signal,
    ).catch((error: unknown) => {
      throw withoutEdits(error, path);
    });
    const { entries } = answer;
    const inside = readErrorInside(head, answer.body, redact, this.#clock.now());
    const info: AnswerInfo = {
      received: entries.length,
      ...readResultInfo(answer, head),
      ...(request.model !== undefined && { model: request.model }),
      warnings: [...warnings, ...warnOfAnswer(answer, inside)],
    };
    const addressed = onAddresses && toAddressed(entries, info, this.#redactKey);
    if (addressed) await onAddresses(addressed);
    const collected = await collectImages(entries, {
      fetchImage: (url) => this.#fetchImage(url, signal),
      readRefusal: (error) => readErrorInside(head, error, redact, this.#clock.now()),
      signal,
    }).catch((error: unknown) => {
      throw redactError(explainLoss(error, head, { answer, inside, redact, now: this.#clock.now() }), this.#redactKey);
    });
    return redactResult(toResult(request, info, collected), this.#redactKey);
  }

  /**
   * Downloads the images of an answer that another process has received.
   *
   * @throws ImageError `download_failed`; `signal.reason` when aborted.
   */
  async download(
    { entries, ...info }: PaidAnswer,
    request: Pick<GenerationRequest, 'n' | 'size'>,
    signal: AbortSignal,
  ): Promise<Generation> {
    const { requestId, cost, paymentSource } = info;
    const collected = await collectImages(entries, {
      fetchImage: (url) => this.#fetchImage(url, signal),
      readRefusal: () => undefined,
      signal,
    }).catch((error: unknown) => {
      const said = defined({ requestId, cost, paymentSource });
      throw redactError(error instanceof ImageError ? error.with(said) : error, this.#redactKey);
    });
    return redactResult(toResult(request, info, collected), this.#redactKey);
  }

  /**
   * Fetches JSON that costs nothing, by GET unless `method` says otherwise; `what` names it in error messages.
   *
   * @returns the parsed JSON, of any shape.
   */
  async fetchJson(
    asked: { path: string } & Partial<Pick<Exchange, 'method' | 'headers' | 'body'>>,
    what: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    const request = { method: 'GET' as const, headers: {}, ...asked };
    const { answer } = await this.#call(request, this.#redactKey, jsonSink, signal).catch((error: unknown) => {
      throw error instanceof ImageError ? asFree(error, what) : error;
    });
    return answer;
  }

  /**
   * Some servers ignore images in JSON and make one from the prompt
   * alone; servers that can be recognised get no such request.
   *
   * @throws ImageError `invalid_input` for such a server.
   */
  async #requireImages(signal: AbortSignal): Promise<void> {
    this.#ignoresImages ??= this.#askWhetherImagesAreIgnored(signal);
    if (await this.#ignoresImages) throw new ImageError('invalid_input', 'images_ignored');
  }

  /** Asks the server once; one that does not answer counts as using the images. */
  async #askWhetherImagesAreIgnored(signal: AbortSignal): Promise<boolean> {
    const request = { path: this.#endpoint.dialect.models, headers: authorize(this.#endpoint) };
    const list = await this.fetchJson(request, 'models', signal).catch(() => undefined);
    if (list === undefined) this.#ignoresImages = undefined;
    signal.throwIfAborted();
    return findEntries(list)?.some(ignoresImages) ?? false;
  }

  async #call<T>(
    { path, ...request }: { path: string } & Pick<Exchange, 'method' | 'headers' | 'body'>,
    redact: Redact,
    open: (head: ResponseHead) => Sink<T>,
    signal: AbortSignal,
  ): Promise<{ head: ResponseHead; answer: T }> {
    if (this.#route?.path !== path) this.#route = { path, url: resolvePath(this.#endpoint, path) };
    return this.#transport.exchange(
      { ...request, url: this.#route.url, timeout: this.#timeout },
      (head) =>
        head.status >= 200 && head.status < 300
          ? withHead(head, open(head))
          : failureSink(head, redact, this.#clock.now()),
      signal,
    );
  }

  /** Removes the key, the prompts and images from what a service says: services quote what they refuse. */
  #redactSaid({ prompt, negative_prompt: negative = '' }: GenerationRequest): Redact {
    const redact = makeRedact([
      ...this.#secrets,
      ...[prompt, negative].flatMap((text) => [text, text.replace(/\s+/g, ' ')]),
    ]);
    return (text) => redact(text.replace(/data:[\w/+.;=-]{0,100},[\w+/=-]+/g, '…'));
  }
}

function warnOfAnswer({ isCut }: ImageResponse, inside: ImageError | undefined): Warning[] {
  return [
    ...(isCut ? [warning('answer_cut')] : []),
    ...(inside ? [warning('error_beside', { detail: inside.message })] : []),
  ];
}

function toResult<T extends AnswerInfo>(
  request: Pick<GenerationRequest, 'n' | 'size'>,
  info: T,
  { images, warnings }: CollectedImages,
): T & Pick<Generation, 'images'> {
  return {
    ...info,
    images,
    warnings: [...info.warnings, ...warnings, ...differences(request, info.received, images)],
  };
}

function tooLarge(length: number, limit: number): ImageError {
  return new ImageError('too_large', 'body_too_large', { megabytes: (length / 1e6).toFixed(1), limit: limit / 1e6 });
}
