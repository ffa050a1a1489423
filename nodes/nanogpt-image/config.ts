type TextType = 'str' | 'msg' | 'flow' | 'global' | 'jsonata' | 'env';
type NumberType = 'num' | 'msg' | 'flow' | 'global' | 'jsonata' | 'env';
type ImageType = 'msg' | 'flow' | 'global' | 'jsonata';
type ObjectType = 'json' | 'msg' | 'flow' | 'global' | 'jsonata';

/** The saved settings of an image node. `X` and `XType` belong to one TypedInput; blank = not sent. */
export interface NanogptImageConfig {
  name: string;
  /** Id of a `nanogpt-config` node. */
  account: string;
  prompt: string;
  promptType: TextType;
  image: string;
  imageType: ImageType;
  mask: string;
  maskType: ImageType;
  model: string;
  modelType: TextType;
  count: string;
  countType: NumberType;
  size: string;
  sizeType: TextType;
  negativePrompt: string;
  negativePromptType: TextType;
  quality: string;
  qualityType: TextType;
  outputFormat: string;
  outputFormatType: TextType;
  seed: string;
  seedType: NumberType;
  strength: string;
  strengthType: NumberType;
  guidanceScale: string;
  guidanceScaleType: NumberType;
  steps: string;
  stepsType: NumberType;
  user: string;
  userType: TextType;
  kontextMaxMode: '' | 'true' | 'false';
  responseFormat: '' | 'b64_json' | 'url';
  parameters: string;
  parametersType: ObjectType;
  output: 'buffer' | 'dataUrl' | 'base64';
  deliver: 'each' | 'all';
  /** Show the newest image under the node in the editor. */
  preview: boolean;
  /** Show partial images there while waiting, where the service sends them. */
  drafts: boolean;
  /** Hours in which the same request is answered from the history; blank = never. */
  reuse: number | string;
  /** `WIDTHxHEIGHT` to deliver images in; blank = as they were received. */
  outputSize: string;
  outputFit: 'inside' | 'cover' | 'contain';
  outputType: '' | 'png' | 'jpeg' | 'webp';
  /** What is written into images: nothing, that they were made by AI, or also their prompt and settings. */
  mark: '' | 'ai' | 'settings';
}

/** What a new node starts with, and what a setting that an older flow lacks means. */
export const defaults: NanogptImageConfig = {
  name: '',
  account: '',
  prompt: 'payload',
  promptType: 'msg',
  image: 'payload',
  imageType: 'msg',
  mask: 'mask',
  maskType: 'msg',
  model: '',
  modelType: 'str',
  count: '',
  countType: 'num',
  size: '',
  sizeType: 'str',
  negativePrompt: '',
  negativePromptType: 'str',
  quality: '',
  qualityType: 'str',
  outputFormat: '',
  outputFormatType: 'str',
  seed: '',
  seedType: 'num',
  strength: '',
  strengthType: 'num',
  guidanceScale: '',
  guidanceScaleType: 'num',
  steps: '',
  stepsType: 'num',
  user: '',
  userType: 'str',
  kontextMaxMode: '',
  responseFormat: '',
  parameters: '{}',
  parametersType: 'json',
  output: 'buffer',
  deliver: 'each',
  preview: true,
  drafts: false,
  reuse: '',
  outputSize: '',
  outputFit: 'inside',
  outputType: '',
  mark: '',
};

/** The API names of the settings that are API fields (NanoGPT docs: image generation). */
export const apiNames = {
  model: 'model',
  count: 'n',
  size: 'size',
  negativePrompt: 'negative_prompt',
  quality: 'quality',
  outputFormat: 'output_format',
  seed: 'seed',
  strength: 'strength',
  guidanceScale: 'guidance_scale',
  steps: 'num_inference_steps',
  user: 'user',
  kontextMaxMode: 'kontext_max_mode',
  responseFormat: 'response_format',
} as const;

/** The ranges of numbers, both ends inclusive. */
export const ranges = {
  count: { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true },
  seed: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, whole: true },
  strength: { min: 0, max: 1, whole: false },
  guidanceScale: { min: 0, max: 20, whole: false },
  steps: { min: 1, max: 100, whole: true },
  reuse: { min: 0, max: 8760, whole: false },
  /** Each side of `outputSize`. */
  outputSide: { min: 1, max: 8192, whole: true },
} as const;

/** The choices of settings, besides blank. */
export const choices = {
  kontextMaxMode: ['true', 'false'],
  responseFormat: ['b64_json', 'url'],
  outputFit: ['inside', 'cover', 'contain'],
  outputType: ['png', 'jpeg', 'webp'],
  mark: ['ai', 'settings'],
} as const;

/** API fields that `parameters` may not set: the message and the dialog set them, or the answers are not supported. */
export const reservedParameters: ReadonlySet<string> = new Set([
  'prompt',
  'stream',
  'partial_images',
  'imageDataUrl',
  'imageDataUrls',
  'maskDataUrl',
  'maskDataUrls',
]);
