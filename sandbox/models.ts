/** How a model of the built-in service paints. */
export type PaintStyle = 'scene' | 'ink' | 'poster';

/** A model of the built-in service: what it takes, what it would cost. */
export interface SandboxModel {
  id: string;
  name: string;
  description: string;
  style: PaintStyle;
  text: boolean;
  image: boolean;
  inpainting: boolean;
  /** Input images it takes at most. */
  inputs: number;
  maxImages: number;
  /** The subscription in play covers it. */
  included?: true;
  /** Sizes offered in the list, with the play money they cost; others cost as the first. */
  prices: Record<string, number>;
}

/** Bytes of one input image: as base64 it just fits into a request. */
const largestInput = 3_000_000;

/** What every model paints where neither a size nor an input image says otherwise. */
export const usualSize = '1024x1024';

/** Said in every description, so that no one takes a price for a bill. */
const nothingBought = 'Built-in service on this machine: nothing is bought, prices are play money.';

/** The models of the built-in service; the first one is the default. */
const sandboxModels: readonly [SandboxModel, ...SandboxModel[]] = [
  {
    id: 'sandbox/painter',
    name: 'Painter',
    description: `Paints a scene from the words of the prompt, restyles images, paints inside masks. ${nothingBought}`,
    style: 'scene',
    text: true,
    image: true,
    inpainting: true,
    inputs: 4,
    maxImages: 10,
    prices: {
      '1024x1024': 0.01,
      '512x512': 0.005,
      '1536x1024': 0.015,
      '1024x1536': 0.015,
      '1920x1080': 0.02,
      '800x480': 0.005,
    },
  },
  {
    id: 'sandbox/ink',
    name: 'Ink',
    description: `One colour on paper, for e-ink frames; restyles one image. ${nothingBought}`,
    style: 'ink',
    text: true,
    image: true,
    inpainting: false,
    inputs: 1,
    maxImages: 4,
    prices: { '800x480': 0.004, '1024x1024': 0.006, '1200x825': 0.006 },
  },
  {
    id: 'sandbox/poster',
    name: 'Poster',
    description: `Text to image in a few flat colours, one image a request. ${nothingBought}`,
    style: 'poster',
    text: true,
    image: false,
    inpainting: false,
    inputs: 0,
    maxImages: 1,
    included: true,
    prices: { '1024x1536': 0.008, '1024x1024': 0.006 },
  },
  {
    id: 'sandbox/retoucher',
    name: 'Retoucher',
    description: `Needs an input image: restyles it, or paints inside a mask. ${nothingBought}`,
    style: 'scene',
    text: false,
    image: true,
    inpainting: true,
    inputs: 1,
    maxImages: 2,
    prices: { '1024x1024': 0.02 },
  },
];

/**
 * The model of that name. Flows name real models too (flux-kontext, hidream): any other id paints as the first does.
 */
export function modelFor(id: string): SandboxModel {
  return sandboxModels.find((model) => model.id === id) ?? { ...sandboxModels[0], id };
}

/** What an image of that size costs in play money. */
export function listPrice(model: SandboxModel, size: string): number {
  return model.prices[size] ?? Object.values(model.prices)[0] ?? 0;
}

/**
 * The list as NanoGPT gives it (NanoGPT docs: image models, `detailed=true`); pricing keys use `*`, resolutions `x`.
 */
export function detailedList(): object {
  const data = sandboxModels.map((model) => ({
    id: model.id,
    name: model.name,
    description: model.description,
    owned_by: 'sandbox',
    architecture: {
      modality: model.text ? (model.image ? 'text+image->image' : 'text->image') : 'image->image',
      input_modalities: model.image ? ['text', 'image'] : ['text'],
      output_modalities: ['image'],
    },
    pricing: {
      per_image: Object.fromEntries(
        Object.entries(model.prices).map(([size, price]) => [size.replace('x', '*'), price]),
      ),
      currency: 'USD',
    },
    capabilities: {
      image_generation: model.text,
      image_to_image: model.image,
      inpainting: model.inpainting,
      nsfw: false,
    },
    supported_parameters: { resolutions: Object.keys(model.prices), max_images: model.maxImages },
    tags: [
      model.text && 'text-to-image',
      model.image && 'image-to-image',
      model.inpainting && 'inpainting',
      'free',
    ].filter((tag) => tag !== false),
    category: 'image',
  }));
  return { object: 'list', data, meta: { count: data.length } };
}

/** The types of the parameters (NanoGPT docs: `/api/v1/images/models`). */
export function typedList(): object {
  const data = sandboxModels.map((model) => ({
    id: model.id,
    name: model.name,
    supported_parameters: {
      n: { type: 'range', min: 1, max: model.maxImages, default: 1 },
      size: { type: 'enum', values: Object.keys(model.prices), default: usualSize },
      output_format: { type: 'enum', values: ['png', 'jpeg', 'webp'], default: 'png' },
      ...(model.image && { strength: { type: 'range', min: 0, max: 1, default: 0.8 } }),
      ...(model.image && { input_references: { type: 'range', min: model.text ? 0 : 1, max: model.inputs } }),
    },
    supports_streaming: false,
    endpoints: `/api/v1/images/models/${model.id}/endpoints`,
  }));
  return { object: 'list', data };
}

/**
 * The page of one model: its prices by resolution, and what it takes of input images (NanoGPT docs: endpoints of image
 * models). Undefined where there is none.
 */
export function endpointsPage(id: string): object | undefined {
  const model = sandboxModels.find((each) => each.id === id);
  if (!model) return undefined;
  const pricing = Object.entries(model.prices).map(([resolution, cost_usd]) => ({
    billable: 'output_image',
    unit: 'image',
    cost_usd,
    resolution,
  }));
  const formats = ['png', 'jpeg', 'webp', 'gif'];
  const constraints = { max_items: model.inputs, route: { max_bytes: largestInput, formats } };
  return {
    id,
    endpoints: [
      { supported_parameters: {}, pricing, ...(model.image && { input_reference_constraints: constraints }) },
    ],
  };
}

/** The models that the subscription in play covers. */
export function includedList(): object {
  return { object: 'list', data: sandboxModels.filter(({ included }) => included).map(({ id }) => ({ id })) };
}

/** The list in OpenAI's shape. */
export function plainList(): object {
  return {
    object: 'list',
    data: sandboxModels.map(({ id }) => ({ id, object: 'model', created: 1_763_880_000, owned_by: 'sandbox' })),
  };
}
