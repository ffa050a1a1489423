import type { Reply, Seen } from '../helpers/service.js';

/** What one model of the list is like; the rest of an entry is the same for all. */
interface Listed {
  id: string;
  name: string;
  /** Beside text. */
  abilities?: ('image' | 'inpainting')[];
  /** It takes text; false = it needs an image. */
  fromText?: boolean;
  perImage?: unknown;
  parameters?: object;
  fixed?: number;
}

const sizes = ['1024x1024', '1536x1024'];
const bySize = { '1024*1024': 0.04, '1536*1024': 0.06 };

/** Models that differ in what the dialog makes of them. */
const special: Listed[] = [
  {
    id: 'maker/sketch/text-to-image',
    name: 'Sketch',
    perImage: bySize,
    parameters: { resolutions: sizes, max_images: 4 },
  },
  {
    id: 'maker/retouch',
    name: 'Retouch',
    abilities: ['image', 'inpainting'],
    perImage: { low: 0.01, high: 0.1 },
    parameters: {
      resolutions: sizes,
      max_images: { type: 'range', min: 1, max: 10 },
      quality: { type: 'enum', values: ['low', 'high'], default: 'high' },
      guidance_scale: { type: 'range', min: 1, max: 12, default: 3.5 },
      num_inference_steps: { type: 'range', min: 4, max: 50 },
      kontext_max_mode: { type: 'boolean', default: false },
      lora_scale: { type: 'range', min: 0, max: 2 },
      aspect_ratio: { type: 'enum', values: ['1:1', '16:9'] },
    },
  },
  { id: 'maker/pair', name: 'Pair', abilities: ['image'], fromText: false, perImage: 0.05, fixed: 2 },
  {
    id: 'maker/sharp',
    name: 'Sharp',
    perImage: { '1k': 0.02, '4k': 0.3 },
    parameters: {
      resolutions: sizes,
      resolution: { type: 'enum', values: ['1k', '4k'], default: '1k' },
      style: { type: 'enum', values: ['ink', 'oil'] },
      clip_skip: { type: 'range', min: 1, max: 2 },
    },
  },
  { id: 'maker/secret', name: 'Secret', perImage: 'on request' },
];

const fillers = Array.from({ length: 195 }, (_, index): Listed => ({
  id: `filler/${index}/image`,
  name: `Filler ${index}`,
  perImage: 0.01,
  ...(index % 4 === 0 && { abilities: ['image'] }),
}));

/** A list of 200 models, as NanoGPT answers it (NanoGPT docs: image models). */
export const manyModels: Reply = { body: { object: 'list', data: [...special, ...fillers].map(entry) } };

/** The service of a test: lists its models, and answers everything else as it is told. */
export function listing(models: Reply, other: Reply = {}): (seen: Seen) => Reply {
  return ({ path }) => (path.includes('models') ? models : other);
}

function entry({
  id,
  name,
  abilities = [],
  fromText = true,
  perImage,
  parameters = { resolutions: sizes },
  fixed,
}: Listed): object {
  return {
    id,
    name,
    architecture: {
      input_modalities: [...(fromText ? ['text'] : []), ...(abilities.length > 0 ? ['image'] : [])],
      output_modalities: ['image'],
    },
    pricing: { per_image: perImage, currency: 'USD' },
    capabilities: {
      image_generation: true,
      image_to_image: abilities.includes('image'),
      inpainting: abilities.includes('inpainting'),
    },
    supported_parameters: parameters,
    ...(fixed !== undefined && { fixed_image_count: fixed }),
  };
}
