import assert from 'node:assert/strict';
import { mergeDetails } from '../../../src/api/models/merge-details.js';
import { readModels } from '../../../src/api/models/read-models.js';

const listed = { id: 'gpt-image-2', pricing: { per_image: 0.07, currency: 'USD' } };

describe('the page of a model', () => {
  const rows = [{ billable: 'output_image', unit: 'image', cost_usd: 0.06551, resolution: '1024x1024' }];
  const constraints = { max_items: 4, route: { max_bytes: 31457280 } };
  const page = {
    id: 'gpt-image-2',
    endpoints: [{ supported_parameters: {}, pricing: rows, input_reference_constraints: constraints }],
  };

  it('adds prices and limits of input images', () => {
    const [model] = readModels([mergeDetails(listed, page)]);
    assert.deepEqual(
      [model?.pricing, model?.inputs],
      [
        { per_image: { '1024x1024': 0.06551 }, currency: 'USD' },
        { max: 4, bytes: 31457280 },
      ],
    );
  });

  for (const nothing of [undefined, {}, { endpoints: [] }, { endpoints: 'none' }, { endpoints: [{ pricing: [] }] }])
    it(`${JSON.stringify(nothing)} leaves the price of the list`, () => {
      assert.equal(readModels([mergeDetails(listed, nothing)])[0]?.price, 0.07);
    });
});
