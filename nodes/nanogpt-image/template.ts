import { isDate } from 'node:util/types';
import Mustache from 'mustache';
import { ImageError } from '../../src/errors.js';
import type { Warning } from '../../src/generation.js';
import { looksLikeImage } from '../../src/image/input-images.js';
import { longestText } from '../../src/limits.js';
import { warning } from '../../src/warning.js';
import type { Message } from '../shared/message.js';
import type { Evaluate } from './evaluate.js';

/** A tag that reads context or environment instead of the message, like those of the template node. */
const outside = /^(flow|global|env)(?:\[(\w+)\])?\.(.+)$/;

/** The most words and numbers of a list in a prompt; more numbers are rather the bytes of a file. */
const maxWords = 100;
const maxNumbers = 16;

/** The most repetitions of all sections of a prompt together. */
const maxRounds = 10_000;

/** A rendered prompt, with warnings. */
export interface RenderedPrompt {
  prompt: string;
  warnings: Warning[];
}

/**
 * A prompt with its mustache tags filled from the message, `flow.`, `global.` and `env.`; nothing is escaped.
 *
 * @throws ImageError `invalid_input` where a tag is not closed, or finds something other than text; `too_large`.
 */
export async function renderPrompt(template: string, msg: Message, evaluate: Evaluate): Promise<RenderedPrompt> {
  if (!template.includes('{{')) return { prompt: template, warnings: [] };
  const names = listTags(readTemplate(() => Mustache.parse(template) as unknown[])).filter((name) =>
    outside.test(name),
  );
  const values = await Promise.all(names.map((name) => evaluate(toField(name))));
  const found = new Map(names.map((name, index) => [name, values[index]]));
  const writer = new PromptWriter();
  const prompt = readTemplate(() => writer.render(template, new FlowContext(msg, found)));
  return { prompt, warnings: [...writer.empty].map((tag) => warning('empty_tag', { tag })) };
}

/** Looks up the names of tags that do not read the message. */
class FlowContext extends Mustache.Context {
  readonly #found: Map<string, unknown>;

  constructor(view: unknown, found: Map<string, unknown>, parent?: FlowContext) {
    super(view, parent);
    this.#found = found;
  }

  override push(view: unknown): FlowContext {
    return new FlowContext(view, this.#found, this);
  }

  override lookup(name: string): unknown {
    return this.#found.has(name) ? this.#found.get(name) : (super.lookup(name) as unknown);
  }
}

/** Writes only text, and no more than a prompt may have. */
class PromptWriter extends Mustache.Writer {
  /** The tags without a value. */
  readonly empty = new Set<string>();
  #length = 0;
  #rounds = 0;

  override escapedValue(token: string[], context: Mustache.Context): string {
    return this.unescapedValue(token, context);
  }

  override unescapedValue([, name = '']: string[], context: Mustache.Context): string {
    const value = context.lookup(name) as unknown;
    const tag = `{{${name}}}`;
    if (value === undefined || value === null || value === '') this.empty.add(tag);
    return this.#counted(toWords(value, tag));
  }

  override renderTokens(...given: Parameters<Mustache.Writer['renderTokens']>): string {
    if (++this.#rounds > maxRounds) throw tooLong();
    return super.renderTokens(...given);
  }

  override rawValue(token: string[]): string {
    return this.#counted(super.rawValue(token));
  }

  #counted(words: string): string {
    this.#length += words.length;
    if (this.#length > longestText) throw tooLong();
    return words;
  }
}

/** The text of a tag: from words, numbers, a date, or a short list of these. */
function toWords(value: unknown, tag: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (isWords(value)) return value;
  if (isDate(value) || isList(value)) return String(value);
  if (looksLikeImage(value)) throw new ImageError('invalid_input', 'image_in_tag', { tag });
  throw typeof value === 'string' ? tooLong() : new ImageError('invalid_input', 'object_in_tag', { tag });
}

/** A list that reads as words, like `red,blue`. */
function isList(value: unknown): value is (string | number | boolean)[] {
  if (!Array.isArray(value) || value.length > maxWords) return false;
  if (value.filter((item) => typeof item === 'number').length > maxNumbers) return false;
  return value.every((item: unknown) => typeof item === 'number' || typeof item === 'boolean' || isWords(item));
}

function isWords(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText && !looksLikeImage(value);
}

function tooLong(): ImageError {
  return new ImageError('too_large', 'text_too_long', { field: 'prompt', limit: longestText });
}

function toField(tag: string): { name: string; value: string; type: string } {
  const [, type = '', store, path = ''] = outside.exec(tag) ?? [];
  return { name: tag, type, value: store === undefined ? path : `#:(${store})::${path}` };
}

/** Parsing throws where a tag is not closed, rendering where a function in the message throws. */
function readTemplate<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError('invalid_input', 'bad_template', {}, { cause: error });
  }
}

/** The names of all tags; a token is `[kind, value, start, end, inner?]`, as mustache documents it. */
function listTags(tokens: unknown[]): string[] {
  return tokens.flatMap((token) => {
    const [kind, value, , , inner] = token as [string, string, number, number, unknown];
    return [...(kind === 'text' ? [] : [value]), ...(Array.isArray(inner) ? listTags(inner) : [])];
  });
}
