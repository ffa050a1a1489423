import Mustache from 'mustache';
import { ImageError } from '../../src/errors.js';
import type { Message } from '../shared/message.js';
import type { Evaluate } from './evaluate.js';

/** A tag that reads context or environment instead of the message, as in the template node. */
const outside = /^(flow|global|env)(?:\[(\w+)\])?\.(.+)$/;

/**
 * A prompt with its mustache tags filled from the message, `flow.`, `global.` and `env.`; nothing is escaped.
 *
 * @throws ImageError `invalid_input` where a tag is not closed.
 */
export async function renderPrompt(template: string, msg: Message, evaluate: Evaluate): Promise<string> {
  if (!template.includes('{{')) return template;
  const names = namesIn(readable(() => Mustache.parse(template) as unknown[])).filter((name) => outside.test(name));
  const values = await Promise.all(names.map((name) => evaluate(fieldOf(name))));
  const found = new Map(names.map((name, index) => [name, values[index]]));
  return readable(() => Mustache.render(template, new FlowContext(msg, found), {}, { escape: String }));
}

/** Looks up names of the flow where the message knows nothing of them. */
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

function fieldOf(tag: string): { name: string; value: string; type: string } {
  const [, type = '', store, path = ''] = outside.exec(tag) ?? [];
  return { name: tag, type, value: store === undefined ? path : `#:(${store})::${path}` };
}

/** A tag may not be closed, or may call a function of the message that throws. */
function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ImageError('invalid_input', 'bad_template', {}, { cause: error });
  }
}

/** The names of all tags; a token is `[kind, value, start, end, inner?]`, as mustache documents it. */
function namesIn(tokens: unknown[]): string[] {
  return tokens.flatMap((token) => {
    const [kind, value, , , inner] = token as [string, string, number, number, unknown];
    return [...(kind === 'text' ? [] : [value]), ...(Array.isArray(inner) ? namesIn(inner) : [])];
  });
}
