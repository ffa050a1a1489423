import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';
import { type GeneratedImage, type Generation, type GenerationRequest, readMode } from '../../src/generation.js';
import type { Size } from '../../src/image/orientation.js';
import { type MarkOptions, markImage } from '../../src/image/marks/mark-image.js';
import { type OutputOptions, renderOutput } from '../../src/image/render-output.js';
import { type LoadSharp, type Sharp, loadSharp } from '../../src/image/sharp.js';
import { type NanogptImageConfig, choices, ranges } from './config.js';

type Settings = Pick<NanogptImageConfig, 'outputSize' | 'outputFit' | 'outputType' | 'mark'>;

/** Gives the images of a generation the size, type and mark of the settings. */
export type Finish = (request: GenerationRequest, generation: Generation, service: string) => Promise<Generation>;

/**
 * Reads the settings for delivery before the request is sent and paid for.
 *
 * @throws ImageError `invalid_input` for an invalid setting, or where sharp is needed and not installed.
 */
export async function prepareFinish(config: Settings, load: LoadSharp = loadSharp): Promise<Finish> {
  const output = readOutput(config);
  const mark = readChoice(config, 'mark');
  const sharp = output && (await load());
  if (output && !sharp) throw new ImageError('invalid_input', 'sharp_for_output');
  return async (request, generation, service) => {
    const rendered = await renderAll(sharp, generation, output);
    return mark === undefined ? rendered : markAll(rendered, toMarkOptions(mark, request, rendered, service));
  };
}

function readOutput(config: Settings): OutputOptions | undefined {
  const [size, type] = [readSize(config.outputSize), readChoice(config, 'outputType')];
  if (!size && type === undefined) return undefined;
  return { fit: readChoice(config, 'outputFit') ?? 'inside', ...defined({ size, type }) };
}

function readSize(text: string): Size | undefined {
  if (text.trim() === '') return undefined;
  const [, width = NaN, height = NaN] = (/^\s*(\d{1,5})\s*[x*×]\s*(\d{1,5})\s*$/i.exec(text) ?? []).map(Number);
  const { min, max } = ranges.outputSide;
  if (![width, height].every((side) => side >= min && side <= max))
    throw new ImageError('invalid_input', 'bad_output_size', { field: 'outputSize', max, found: text.slice(0, 40) });
  return { width, height };
}

function readChoice<Name extends 'outputFit' | 'outputType' | 'mark'>(
  config: Settings,
  name: Name,
): Exclude<Settings[Name], ''> | undefined {
  const value = config[name] as string;
  if (value === '') return undefined;
  const allowed: readonly string[] = choices[name];
  if (allowed.includes(value)) return value as Exclude<Settings[Name], ''>;
  throw new ImageError('invalid_input', 'bad_choice', { field: name, choices: allowed.join(', '), found: value });
}

async function renderAll(
  sharp: Sharp | undefined,
  generation: Generation,
  output?: OutputOptions,
): Promise<Generation> {
  if (!sharp || !output) return generation;
  const images: GeneratedImage[] = [];
  const warnings = [...generation.warnings];
  for (const received of generation.images) {
    const rendered = await renderOutput(sharp, received, output);
    images.push(rendered.image);
    warnings.push(...rendered.warnings);
  }
  return { ...generation, images, warnings };
}

function markAll(generation: Generation, options: MarkOptions): Generation {
  const marked = generation.images.map((image) => markImage(image, options));
  return {
    ...generation,
    images: marked.map(({ image }) => image),
    warnings: [...generation.warnings, ...marked.flatMap(({ warnings }) => warnings)],
  };
}

function toMarkOptions(
  mark: MarkOptions['mark'],
  request: GenerationRequest,
  { model }: Generation,
  service: string,
): MarkOptions {
  const { prompt, negative_prompt: negativePrompt, num_inference_steps: steps, seed } = request;
  return {
    mark,
    isEdit: readMode(request) !== 'text-to-image',
    system: model === undefined ? service : `${model} (${service})`,
    settings: { prompt, ...defined({ negativePrompt, steps, seed, model }) },
  };
}
