import assert from 'node:assert/strict';
import { type Model, readModels } from '../../../src/api/models/read-models.js';

/** An entry as the documentation shows it. */
const documented = {
  id: 'pruna-ai/p-image/text-to-image',
  name: 'P-Image',
  description: '...',
  owned_by: 'prunaai',
  architecture: { modality: 'text->image', input_modalities: ['text'], output_modalities: ['image'] },
  pricing: { per_image: { '1024*1024': 0.005, '1376*768': 0.006 }, currency: 'USD' },
  capabilities: { image_generation: true, image_to_image: false, inpainting: false, nsfw: false },
  supported_parameters: { resolutions: ['1024x1024', '1376x768'], max_images: 4 },
  tags: ['text-to-image'],
  category: 'image',
};

function only(changes: object): Model {
  const [model, ...others] = readModels({ object: 'list', data: [{ ...documented, ...changes }] });
  assert.ok(model && others.length === 0);
  return model;
}

describe('the list of models', () => {
  it('is read as the documentation shows it', () => {
    assert.deepEqual(only({}), {
      id: 'pruna-ai/p-image/text-to-image',
      name: 'P-Image',
      abilities: ['text-to-image'],
      sizes: ['1024x1024', '1376x768'],
      maxImages: 4,
      price: 0.005,
      currency: 'USD',
      pricing: documented.pricing,
      parameters: {},
    });
  });

  it('is read with typed descriptors, too', () => {
    const parameters = {
      size: { type: 'enum', values: ['1024x1024', '2K', 'auto'], default: '1024x1024' },
      n: { type: 'range', min: 1, max: 10 },
      seed: { type: 'boolean' },
    };
    const described = only({ supported_parameters: parameters });
    assert.deepEqual([described.sizes, described.maxImages], [['1024x1024', '2K', 'auto'], 10]);
    assert.deepEqual(described.parameters, {
      size: { type: 'enum', values: ['1024x1024', '2K', 'auto'], default: '1024x1024' },
      n: { type: 'range', min: 1, max: 10 },
      seed: { type: 'boolean' },
    });
    const enumerated = {
      resolutions: { type: 'enum', values: ['1024*1024'] },
      max_images: { type: 'enum', values: [1, 4, 2] },
    };
    const other = only({ supported_parameters: enumerated });
    assert.deepEqual([other.sizes, other.maxImages], [['1024x1024'], 4]);
    assert.deepEqual(other.parameters, {
      size: { type: 'enum', values: ['1024x1024'] },
      n: { type: 'enum', values: [1, 4, 2] },
    });
  });

  it('reads what a model accepts in each field, and nothing from plain lists', () => {
    const supported_parameters = {
      resolutions: ['1024x1024'],
      rendering_speed: ['turbo', 'quality'],
      quality: { type: 'enum', values: ['low', 'high', null], default: 'low' },
      strength: { type: 'range', min: '0', max: 1, default: 0.8 },
      kontext_max_mode: { type: 'boolean', default: false },
    };
    assert.deepEqual(only({ supported_parameters }).parameters, {
      quality: { type: 'enum', values: ['low', 'high'], default: 'low' },
      strength: { type: 'range', min: 0, max: 1, default: 0.8 },
      kontext_max_mode: { type: 'boolean', default: false },
    });
  });

  it('takes `resolution` for the size, unless the model lists sizes of its own beside it', () => {
    const resolution = { type: 'enum', values: ['1024*1024', '2k'], default: '2k' };
    const alone = only({ supported_parameters: { resolution } });
    assert.deepEqual([alone.sizes, Object.keys(alone.parameters)], [['1024x1024', '2k'], ['size']]);
    const same = only({ supported_parameters: { resolutions: ['1024x1024'], resolution } });
    assert.deepEqual([same.sizes, same.parameters.size?.default], [['1024x1024'], '2k']);
    const both = only({ supported_parameters: { resolutions: ['square_hd'], resolution } });
    assert.deepEqual([both.sizes, Object.keys(both.parameters)], [['square_hd'], ['resolution']]);
  });

  it('reads the limits of input images, which are no field', () => {
    const supported_parameters = { input_references: { type: 'range', min: 0, max: 16 } };
    const { inputs, parameters } = only({ supported_parameters });
    assert.deepEqual([inputs, parameters], [{ min: 0, max: 16 }, {}]);
    const route = { min_width: 8, min_height: 8, max_bytes: 31457280, formats: ['png', 'jpg'], source: 'x' };
    assert.deepEqual(only({ supported_parameters, input_reference_constraints: { max_items: 4, route } }).inputs, {
      min: 0,
      max: 4,
      bytes: 31457280,
      formats: ['image/png', 'image/jpeg'],
      minWidth: 8,
      minHeight: 8,
    });
  });

  for (const [date, day] of [
    ['2026-12-01', '2026-12-01'],
    ['2026-12-01T00:00:00Z', '2026-12-01'],
    [1796083200, '2026-12-01'],
    ['soon', undefined],
    [null, undefined],
  ] as const)
    it(`reads ${JSON.stringify(date)} as ${day ?? 'no day'} on which a model ends`, () => {
      assert.equal(only({ shutdown_date: date }).shutdownDate, day);
    });

  it('reads how many images a model always makes', () => {
    assert.equal(only({ supported_parameters: { fixed_image_count: 4 } }).fixedImages, 4);
    assert.equal(only({ fixed_image_count: '2' }).fixedImages, 2);
    assert.ok(!('fixedImages' in only({ fixed_image_count: 0 })));
  });

  it('shows a model with nothing but an id', () => {
    assert.deepEqual(readModels({ data: [{ id: 'gpt-image-1', object: 'model', owned_by: 'openai' }] }), [
      { id: 'gpt-image-1', name: 'gpt-image-1', abilities: [], sizes: [], parameters: {} },
    ]);
  });

  it('knows what each model can do', () => {
    const input_modalities = ['text', 'image'];
    const capabilities = { image_generation: true, image_to_image: true, inpainting: true };
    assert.deepEqual(only({ capabilities, architecture: { input_modalities } }).abilities, [
      'text-to-image',
      'image-to-image',
      'inpainting',
    ]);
    assert.deepEqual(only({ capabilities, architecture: { input_modalities: ['image'] } }).abilities, [
      'image-to-image',
      'inpainting',
    ]);
  });

  it('shows the price of the first size that has one', () => {
    assert.equal(only({ pricing: { per_image: { '1376*768': 0.006 } } }).price, 0.006);
  });

  it('shows no price that it cannot read, above all none of 0', () => {
    for (const pricing of [undefined, null, {}, 'free', { per_image: null }, { per_image: -1 }, { image: 0 }]) {
      assert.ok(!('price' in only({ pricing })), JSON.stringify(pricing));
    }
  });

  it('leaves out entries that are no model', () => {
    assert.deepEqual(readModels({ data: [null, 'hidream', 5, [], {}, { id: '' }, { id: 7 }] }), []);
    for (const body of [{}, { data: null }, { data: {} }, { error: 'busy' }]) assert.deepEqual(readModels(body), []);
  });

  for (const [title, body] of Object.entries({
    'names alone': ['a/b'],
    'names under data': { data: ['a/b'] },
    'under result': { success: true, result: [{ id: 'a/b' }], errors: [] },
    'under items': { items: [{ id: 'a/b' }] },
    'a level deeper': { data: { models: [{ id: 'a/b' }] } },
    'by its id': { 'a/b': { providers: [] } },
    'of checkpoints': [{ title: 'b [0a1b]', model_name: 'a/b' }],
  })) {
    it(`is found: ${title}`, () => assert.deepEqual(readModels(body).map(({ id }) => id), ['a/b'])); // prettier-ignore
  }

  it('passes over values of the wrong kind', () => {
    const strange = {
      name: 7,
      capabilities: 'all',
      architecture: null,
      supported_parameters: { resolutions: [1, null, '64x64'], max_images: 'many' },
      pricing: [],
    };
    assert.deepEqual(only(strange), {
      id: documented.id,
      name: documented.id,
      abilities: [],
      sizes: ['64x64'],
      pricing: [],
      parameters: {},
    });
  });

  it('is read with all its 200 models', () => {
    const models = readModels({
      data: Array.from({ length: 200 }, (_, index) => ({ ...documented, id: `model-${index}` })),
    });
    assert.equal(new Set(models.map(({ id }) => id)).size, 200);
    assert.ok(models.every(({ price }) => price === 0.005));
  });
});
