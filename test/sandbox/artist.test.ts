import assert from 'node:assert/strict';
import { composeScene } from '../../sandbox/artist/scene.js';
import { sharpLoader } from '../../sandbox/artist/studio.js';
import { type HttpError } from '../../sandbox/simulated-errors.js';

describe('the painter of the built-in service', () => {
  const prompts = [
    '',
    'xyzzy',
    'a city at night',
    'winter forest with a cabin',
    'a garden of flowers in spring',
    'fish under water',
    'a rocket among the planets',
    'storm over the sea with a lighthouse',
    'a castle, a cat, a dog and an owl',
  ];

  for (const [width, height] of [
    [1024, 1024],
    [64, 2048],
    [2048, 64],
  ] as const) {
    it(`composes ${width}x${height} in under 200 kB of shapes, without text or a value that is no number`, () => {
      for (const prompt of prompts) {
        const { svg } = composeScene(prompt, 'seed', { width, height });
        assert.ok(svg.length < 200_000, `${prompt}: ${svg.length}`);
        assert.doesNotMatch(svg, /NaN|undefined|Infinity|<text/);
      }
    });
  }

  it('composes the same at every size of the same proportions', () => {
    const inside = (width: number): string =>
      composeScene('hills', '1', { width, height: width / 2 }).svg.replace(/^<svg[^>]*>/, '');
    assert.equal(inside(128), inside(1024));
  });

  it('paints what the words say', () => {
    const night = composeScene('the mountains at night', '1', { width: 512, height: 512 }).palette;
    const day = composeScene('the mountains at noon', '1', { width: 512, height: 512 }).palette;
    assert.deepEqual([night.dark, day.dark], [true, false]);
  });

  it('says in a sentence that sharp is missing, and tries again the next time', async () => {
    let tries = 0;
    const load = sharpLoader(() => Promise.reject(new Error(`try ${(tries += 1)}`)));
    for (const expected of [1, 2]) {
      await assert.rejects(
        load(),
        (error: HttpError) => error.refusal.status === 400 && /sharp/.test(JSON.stringify(error.refusal.body)),
      );
      assert.equal(tries, expected);
    }
  });
});
