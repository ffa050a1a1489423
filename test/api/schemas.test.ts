import assert from 'node:assert/strict';
import { Ajv, type SchemaObject } from 'ajv';
import { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import type { GenerationRequest, InputImage } from '../../src/generation.js';
import { fixtureSettings, foxRequest } from '../helpers/account-fixture.js';
import { parseForm } from '../helpers/form.js';
import { image, mask } from '../helpers/images.js';
import { type Seen, type TestService, startService } from '../helpers/service.js';
import nanogpt from './schemas/nanogpt.json';
import openai from './schemas/openai.json';

type Schema = 'nanogpt' | 'openai';

const schemas: Record<Schema, { generations: SchemaObject; edits: SchemaObject; definitions?: object }> = {
  nanogpt,
  openai,
};

/** What OpenAI has added since its public schema (OpenAI API reference: create image, November 2026). */
const added: Record<string, object> = {
  quality: { type: 'string', enum: ['standard', 'hd', 'low', 'medium', 'high', 'auto', 'xhigh', 'max'] },
  output_format: { type: 'string', enum: ['png', 'jpeg', 'webp', 'gif', 'svg'] },
  complexity: { type: 'string' },
  safety_identifier: { type: 'string' },
};

/** What NanoGPT takes beside its schema, which lets any field through: those of single models, and of a form (NanoGPT docs: image generation, image edits). */
const passed = [
  'negative_prompt',
  'quality',
  'output_format',
  'resolution',
  'aspect_ratio',
  'image',
  'mask',
  'response_format',
  'user',
];

/** All fields of the node that a service takes. */
const ours = { n: 2, size: '1024x1024', response_format: 'b64_json' as const, user: 'me', quality: 'high' };
const nanogptOnly = {
  negative_prompt: 'fog',
  output_format: 'png',
  seed: 7,
  strength: 0.5,
  guidance_scale: 7.5,
  num_inference_steps: 30,
};

interface Case {
  what: string;
  schema: Schema;
  settings: Partial<AccountSettings>;
  request?: Partial<GenerationRequest>;
  images?: number;
  masked?: true;
  drafts?: true;
}

const cases: Case[] = [
  { what: 'a prompt alone', schema: 'nanogpt', settings: {} },
  { what: 'all fields', schema: 'nanogpt', settings: {}, request: { ...ours, ...nanogptOnly, kontext_max_mode: true } },
  {
    what: 'fields of a typed list',
    schema: 'nanogpt',
    settings: {},
    request: { extra: { resolution: '2k', aspect_ratio: '16:9' } },
  },
  { what: 'paygo', schema: 'nanogpt', settings: { billing: 'paygo' } },
  { what: 'an image', schema: 'nanogpt', settings: {}, images: 1 },
  { what: 'three images', schema: 'nanogpt', settings: {}, images: 3 },
  { what: 'an image and a mask', schema: 'nanogpt', settings: {}, images: 1, masked: true },
  { what: 'an image as a form', schema: 'nanogpt', settings: { edits: 'multipart' }, images: 1, request: ours },
  { what: 'images and a mask as a form', schema: 'nanogpt', settings: { edits: 'multipart' }, images: 2, masked: true },
  { what: 'a prompt alone', schema: 'openai', settings: { service: 'openai' } },
  {
    what: 'all fields, of which it refuses some',
    schema: 'openai',
    settings: { service: 'openai' },
    request: { ...ours, ...nanogptOnly },
  },
  {
    what: 'what came in 2026',
    schema: 'openai',
    settings: { service: 'openai' },
    request: {
      quality: 'xhigh',
      output_format: 'svg',
      extra: { complexity: 'high', safety_identifier: 'a1', background: 'opaque' },
    },
  },
  {
    what: 'the other of what came in 2026',
    schema: 'openai',
    settings: { service: 'openai' },
    request: { quality: 'max', output_format: 'gif' },
  },
  { what: 'drafts', schema: 'openai', settings: { service: 'openai' }, drafts: true },
  { what: 'an image with drafts', schema: 'openai', settings: { service: 'openai' }, images: 1, drafts: true },
  {
    what: 'images and a mask',
    schema: 'openai',
    settings: { service: 'openai' },
    images: 2,
    masked: true,
    request: ours,
  },
  {
    what: 'the fields of OpenAI at a compatible server',
    schema: 'openai',
    settings: { service: 'compatible' },
    request: ours,
  },
  { what: 'an image at a compatible server', schema: 'openai', settings: { service: 'compatible' }, images: 1 },
];

describe('the public schema of', () => {
  let service: TestService;
  let account: Account;
  let input: InputImage;
  let drawn: InputImage;

  before(async () => {
    input = { bytes: await image('png', 64, 64), mime: 'image/png', width: 64, height: 64 };
    drawn = { ...input, bytes: await mask(64, 64) };
  });
  beforeEach(async () => {
    const b64_json = (await image()).toString('base64');
    service = await startService(({ method }) => ({ body: { data: method === 'GET' ? [] : [{ b64_json }] } }));
  });
  afterEach(() => account.close());

  async function send({ settings, request, images = 0, masked, drafts }: Case): Promise<Seen> {
    account = new Account({ ...fixtureSettings, edits: '', baseUrl: service.url, model: 'gpt-image-2', ...settings });
    await account.generate(
      { ...foxRequest, ...request, images: Array<InputImage>(images).fill(input), ...(masked && { mask: drawn }) },
      { signal: new AbortController().signal, ...(drafts && { onDraft: () => undefined }) },
    );
    return service.seen.findLast(({ method }) => method === 'POST')!;
  }

  for (const each of cases)
    it(`${each.schema} allows what is sent for ${each.what}`, async () => {
      const seen = await send(each);
      const isForm = String(seen.headers['content-type']).startsWith('multipart/');
      const { generations, edits, definitions } = schemas[each.schema];
      const schema = seen.path.endsWith('/edits') ? edits : generations;
      const known = { ...(schema.properties as object), ...(each.schema === 'openai' && added) };
      // The fields of a form are text.
      const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: isForm });
      const validate = ajv.compile({ ...schema, properties: known, definitions });
      const body = isForm ? await readFields(seen) : seen.json;
      assert.ok(validate(body), JSON.stringify(validate.errors));
      const unknown = Object.keys(body).filter((name) => !(name in known));
      assert.deepEqual(each.schema === 'nanogpt' ? unknown.filter((name) => !passed.includes(name)) : unknown, []);
    });
});

/** The parts of a form by name: several images are `image[]` to OpenAI's clients and `image` in its schema. */
async function readFields(seen: Seen): Promise<Record<string, unknown>> {
  const { fields, files } = await parseForm(seen);
  const names = new Set(files.map(({ name }) => name));
  const parts = [...names].map((name) => {
    const contents = files.filter((file) => file.name === name).map(({ bytes }) => bytes.toString('latin1'));
    return [name.replace('[]', ''), contents.length > 1 ? contents : contents[0]] as const;
  });
  return { ...fields, ...Object.fromEntries(parts) };
}
