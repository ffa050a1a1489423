import type { GenerationRequest, RequestFields } from '../../generation.js';
import { warning } from '../../warning.js';
import type { Dialect } from './dialect.js';
import { compatibleForm } from './compatible.js';

/** Fields of NanoGPT's API that OpenAI refuses (OpenAI API reference: images). */
const unknownFields: (keyof RequestFields)[] = [
  'negative_prompt',
  'seed',
  'strength',
  'guidance_scale',
  'num_inference_steps',
  'kontext_max_mode',
];

/** OpenAI's own service. Fields that it refuses are left out, with a warning. */
export const openai: Dialect = {
  ...compatibleForm,
  baseUrl: 'https://api.openai.com',
  needsKey: true,
  protectsImages: false,
  // OpenAI API reference: create image, November 2026.
  currentModels: ['gpt-image-2', 'gpt-image-2.5-flare', 'gpt-image-2.6-flare'],
  prepare(request) {
    const left = [...unknownFields, ...(alwaysBase64(request) ? ['response_format' as const] : [])].filter(
      (name) => name in request,
    );
    const taken = Object.fromEntries(
      Object.entries(request).filter(([name]) => !left.includes(name as keyof RequestFields)),
    ) as unknown as GenerationRequest;
    return { ...compatibleForm.prepare(taken), warnings: left.map((field) => warning('field_left_out', { field })) };
  },
};

/** The gpt-image models answer in base64 only and refuse `response_format`. */
function alwaysBase64({ model }: GenerationRequest): boolean {
  return /^(gpt-image|chatgpt-image)/.test(model ?? '');
}
