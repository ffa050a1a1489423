import assert from 'node:assert/strict';
import { mergeLists } from '../../../src/api/models/merge-lists.js';
import { readModels } from '../../../src/api/models/read-models.js';

const priced = {
  data: [
    {
      id: 'gpt-image-2',
      name: 'GPT Image 2',
      pricing: { per_image: { '1024*1024': 0.06 }, currency: 'USD' },
      supported_parameters: { resolutions: ['1024x1024'], max_images: 4 },
    },
    { id: 'hidream', name: 'HiDream' },
  ],
};
const typed = {
  data: [
    {
      id: 'gpt-image-2',
      name: 'gpt-image-2',
      supported_parameters: {
        quality: { type: 'enum', values: ['low', 'high'], default: 'low' },
        seed: { type: 'range', min: 0, max: 10 },
        transparent: { type: 'boolean' },
      },
    },
    { id: 'new-one', supported_parameters: { n: { type: 'range', min: 1, max: 2 } } },
  ],
};

describe('the lists of models', () => {
  it('are one by id, with the prices of one and the types of the other', () => {
    const [first, ...others] = readModels(mergeLists({ priced, typed }));
    assert.deepEqual(
      { ...first, pricing: undefined },
      {
        id: 'gpt-image-2',
        name: 'GPT Image 2',
        abilities: [],
        sizes: ['1024x1024'],
        maxImages: 4,
        price: 0.06,
        currency: 'USD',
        pricing: undefined,
        parameters: {
          quality: { type: 'enum', values: ['low', 'high'], default: 'low' },
          seed: { type: 'range', min: 0, max: 10 },
          transparent: { type: 'boolean' },
        },
      },
    );
    assert.deepEqual(
      others.map(({ id, maxImages }) => [id, maxImages]),
      [
        ['hidream', undefined],
        ['new-one', 2],
      ],
    );
  });

  const rows: [what: string, lists: Parameters<typeof mergeLists>[0], ids: string[] | undefined][] = [
    ['the one with prices alone', { priced }, ['gpt-image-2', 'hidream']],
    ['the one with types alone', { typed }, ['gpt-image-2', 'new-one']],
    ['one that is no list beside another', { priced: { error: 'gone' }, typed }, ['gpt-image-2', 'new-one']],
    ['none', {}, undefined],
    ['only what a subscription covers', { included: { data: [{ id: 'hidream' }] } }, undefined],
  ];
  for (const [what, lists, ids] of rows) {
    it(`may be ${what}`, () => {
      const merged = mergeLists(lists);
      assert.deepEqual(merged && readModels(merged).map(({ id }) => id), ids);
    });
  }

  it('say which models a subscription covers', () => {
    const included = { data: [{ id: 'hidream' }, { id: 'elsewhere' }] };
    const models = readModels(mergeLists({ priced, included }));
    assert.deepEqual(
      models.map((model) => model.included),
      [undefined, true],
    );
  });
});
