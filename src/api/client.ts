import type { Clock } from '../clock.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import { type Redact, makeRedact } from '../redact.js';
import { type ImageResponse, imageResponseSink, readResultInfo } from './response/image-response.js';
import { ignoresImages, redactUrl, withoutEdits } from './edits-support.js';
import { markNotCharged } from './mark-not-charged.js';
import { type Endpoint, authorize, basicPassword, resolvePath } from './endpoint.js';
import { type FittedRequest, dialectFor, fitRequest } from './fit-request.js';
import type { InputLimits } from './models/input-limits.js';
import { findEntries } from './models/read-models.js';
import { failureSink, jsonSink, withHead } from './response/sinks.js';
import { readErrorInside } from './response/to-failure.js';
import { type AddressedAnswer, type AnswerInfo, type PaidAnswer, toAddressed } from './response/addressed-answer.js';
import { type CollectOptions, collectImages } from './response/collect-images.js';
import { warnOfAnswer, warnOfDifferences } from './response/answer-warnings.js';
import { explainLoss } from './response/explain-loss.js';
import type { Sink } from './http/sink.js';
import type { Exchange, ResponseHead, Transport } from './http/transport.js';
import { redactError, redactResult } from './redact-answer.js';
import type { Prepared } from './dialects/dialect.js';
import type { ImageEntry } from './response/read-entries.js';
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
    const prepared = dialectFor(this.#endpoint.dialect, request).prepare(request);
    const redact = this.#makeRedact(request);
    const { head, answer } = await this.#send(prepared, redact, signal, onDraft);
    const { entries } = answer;
    const inside = readErrorInside(head, answer.body, redact, this.#clock.now());
    const info: AnswerInfo = {
      received: entries.length,
      ...readResultInfo(answer, head),
      ...(request.model !== undefined && { model: request.model }),
      warnings: [...prepared.warnings, ...warnOfAnswer(answer, inside)],
    };
    const addressed = onAddresses && toAddressed(entries, info, this.#redactKey);
    if (addressed) await onAddresses(addressed);
    return this.#collect(entries, info, request, {
      readRefusal: (error) => readErrorInside(head, error, redact, this.#clock.now()),
      explain: (error) => explainLoss(error, head, { answer, inside, redact, now: this.#clock.now() }),
      signal,
    });
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
    const details = defined({ requestId, cost, paymentSource });
    return this.#collect(entries, info, request, {
      readRefusal: () => undefined,
      explain: (error) => (error instanceof ImageError ? error.with(details) : error),
      signal,
    });
  }

  /**
   * Fetches JSON that costs nothing, by GET unless `method` says otherwise; `what` names it in error messages.
   *
   * @returns the parsed JSON, of any shape.
   */
  async fetchJson(
    exchange: { path: string } & Partial<Pick<Exchange, 'method' | 'headers' | 'body'>>,
    what: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    const request = { method: 'GET' as const, headers: {}, ...exchange };
    const { answer } = await this.#call(request, this.#redactKey, jsonSink, signal).catch((error: unknown) => {
      throw error instanceof ImageError ? markNotCharged(error, what) : error;
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

  /** Sends a prepared request; the images of the answer are decoded while it arrives. */
  async #send(
    { path, body, limit = Infinity }: Prepared,
    redact: Redact,
    signal: AbortSignal,
    onDraft: AnswerListeners['onDraft'],
  ): Promise<{ head: ResponseHead; answer: ImageResponse }> {
    if (body.length > limit) throw tooLarge(body.length, limit);
    const headers = { ...authorize(this.#endpoint), ...this.#endpoint.headers };
    return this.#call(
      { path, method: 'POST', body, headers },
      redact,
      (head) => imageResponseSink(head, onDraft),
      signal,
    ).catch((error: unknown) => {
      throw withoutEdits(error, path);
    });
  }

  /** The images of an answer with what it says beside them; `explain` adds to a failure what the answer says of it. */
  async #collect<Info extends AnswerInfo>(
    entries: ImageEntry[],
    info: Info,
    request: Pick<GenerationRequest, 'n' | 'size'>,
    { readRefusal, explain, signal }: Omit<CollectOptions, 'fetchImage'> & { explain(error: unknown): unknown },
  ): Promise<Info & Pick<Generation, 'images'>> {
    const fetchImage = (url: string): Promise<Buffer> => this.#fetchImage(url, signal);
    const { images, warnings } = await collectImages(entries, { fetchImage, readRefusal, signal }).catch(
      (error: unknown) => {
        throw redactError(explain(error), this.#redactKey);
      },
    );
    const all = [...info.warnings, ...warnings, ...warnOfDifferences(request, info.received, images)];
    return redactResult({ images, ...info, warnings: all }, this.#redactKey);
  }

  async #call<T>(
    { path, ...request }: { path: string } & Pick<Exchange, 'method' | 'headers' | 'body'>,
    redact: Redact,
    open: (head: ResponseHead) => Sink<T>,
    signal: AbortSignal,
  ): Promise<{ head: ResponseHead; answer: T }> {
    if (this.#route?.path !== path) this.#route = { path, url: resolvePath(this.#endpoint, path) };
    return this.#transport.exchange(
      { url: this.#route.url, timeout: this.#timeout, ...request },
      (head) =>
        head.status >= 200 && head.status < 300
          ? withHead(head, open(head))
          : failureSink(head, redact, this.#clock.now()),
      signal,
    );
  }

  /** Removes the key, the prompts and images from a text of the service: services quote what they refuse. */
  #makeRedact({ prompt, negative_prompt: negative = '' }: GenerationRequest): Redact {
    const redact = makeRedact([
      ...this.#secrets,
      ...[prompt, negative].flatMap((text) => [text, text.replace(/\s+/g, ' ')]),
    ]);
    return (text) => redact(text.replace(/data:[\w/+.;=-]{0,100},[\w+/=-]+/g, '…'));
  }
}

function tooLarge(length: number, limit: number): ImageError {
  return new ImageError('too_large', 'body_too_large', { megabytes: (length / 1e6).toFixed(1), limit: limit / 1e6 });
}
