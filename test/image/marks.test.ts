import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { GeneratedImage } from '../../src/generation.js';
import { inspect } from '../../src/image/inspect.js';
import { type MarkOptions, markImage } from '../../src/image/marks/mark-image.js';
import { renderOutput } from '../../src/image/render-output.js';
import { chunk } from '../helpers/image-files.js';
import { type Format, image } from '../helpers/images.js';

const options: MarkOptions = {
  mark: 'settings',
  isEdit: false,
  system: 'flux (nanogpt)',
  settings: { prompt: 'a <fox> & a 狐', negativePrompt: 'snow', steps: 20, seed: 7, model: 'flux' },
};

async function received(format: Format): Promise<GeneratedImage> {
  return describeImage(await image(format, 60, 40));
}

function describeImage(bytes: Buffer): GeneratedImage {
  const { mime, extension, width, height } = inspect(bytes)!;
  return { bytes, mime, extension, width, height };
}

describe('a mark', () => {
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    it(`says in a ${format} that it was made by AI, and leaves its pixels alone`, async () => {
      const before = await received(format);
      const { image: after, warnings } = markImage(before, options);
      assert.deepEqual(warnings, []);
      assert.deepEqual(await sharp(after.bytes).raw().toBuffer(), await sharp(before.bytes).raw().toBuffer());
      const { xmp, exif } = await sharp(after.bytes).metadata();
      const text = xmp?.toString() ?? '';
      assert.match(text, /digitalsourcetype\/trainedAlgorithmicMedia</);
      assert.match(text, /AISystemUsed>flux \(nanogpt\)</);
      assert.match(text, /AIPromptInformation>a &lt;fox&gt; &amp; a 狐</);
      const written = format === 'png' ? after.bytes : Buffer.from(exif ?? '');
      const expected = 'a <fox> & a 狐\nNegative prompt: snow\nSteps: 20, Seed: 7, Size: 60x40, Model: flux';
      assert.ok(written.includes(format === 'png' ? Buffer.from(expected) : Buffer.from(expected, 'utf16le').swap16()));
      const { complete, width, height } = inspect(after.bytes)!;
      assert.deepEqual([complete, width, height], [true, 60, 40]);
    });

    it(`is not written twice into a ${format}`, async () => {
      const { image: marked } = markImage(await received(format), options);
      const { image: again, warnings } = markImage(marked, options);
      assert.equal(again, marked);
      assert.equal(warnings[0]?.key, 'mark_foreign');
    });
  }

  it('names an edit as one, and no prompt where only AI is to be named', async () => {
    const { image: marked } = markImage(await received('png'), { ...options, mark: 'ai', isEdit: true });
    const text = marked.bytes.toString('latin1');
    assert.match(text, /compositeWithTrainedAlgorithmicMedia/);
    assert.doesNotMatch(text, /fox/);
  });

  it('leaves an image alone that carries C2PA', async () => {
    const { bytes } = await received('png');
    const signed = describeImage(
      Buffer.concat([bytes.subarray(0, 33), chunk('caBX', Buffer.alloc(9)), bytes.subarray(33)]),
    );
    const { image: after, warnings } = markImage(signed, options);
    assert.deepEqual([after, warnings[0]?.key], [signed, 'mark_foreign']);
  });

  it('leaves an image alone whose format has no place for it', async () => {
    const before = await received('gif');
    const { image: after, warnings } = markImage(before, options);
    assert.deepEqual([after, warnings[0]?.key], [before, 'mark_no_place']);
  });

  it('keeps the opacity of a lossless WebP', async () => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#0a08' } })
      .webp({ lossless: true })
      .toBuffer();
    const { image: marked } = markImage(describeImage(bytes), options);
    assert.deepEqual(await sharp(marked.bytes).raw().toBuffer(), await sharp(bytes).raw().toBuffer());
  });

  it('of a very long prompt still fits into a JPEG', async () => {
    const settings = { ...options.settings, prompt: '<&狐'.repeat(30_000) };
    const { warnings } = markImage(await received('jpeg'), { ...options, settings });
    assert.deepEqual(warnings, []);
  });
});

describe('the output', () => {
  for (const [fit, size, expected] of [
    ['inside', { width: 30, height: 30 }, [30, 20]],
    ['inside', { width: 300, height: 300 }, [60, 40]],
    ['cover', { width: 30, height: 30 }, [30, 30]],
    ['contain', { width: 80, height: 48 }, [80, 48]],
  ] as const) {
    it(`is ${expected.join('x')} of 60x40 ${fit} ${size.width}x${size.height}`, async () => {
      const { image: made, warnings } = await renderOutput(sharp, await received('png'), { size, fit });
      assert.deepEqual([made.width, made.height, warnings.length], [...expected, 0]);
      assert.equal(inspect(made.bytes)?.width, expected[0]);
    });
  }

  it('is a baseline JPEG also of a progressive one', async () => {
    const progressive = describeImage(
      await sharp(await image())
        .jpeg({ progressive: true })
        .toBuffer(),
    );
    for (const before of [progressive, await received('png')]) {
      const { image: made } = await renderOutput(sharp, before, { fit: 'inside', type: 'jpeg' });
      const header = inspect(made.bytes)!;
      assert.deepEqual([made.mime, made.extension, header.progressive], ['image/jpeg', 'jpg', undefined]);
    }
  });

  it('stays byte for byte where it is as it is wanted', async () => {
    const before = await received('jpeg');
    const wanted = { fit: 'cover', size: { width: 60, height: 40 }, type: 'jpeg' } as const;
    assert.equal((await renderOutput(sharp, before, wanted)).image, before);
  });

  it('is what was received where that cannot be decoded, with a warning', async () => {
    const before = { bytes: Buffer.from('what is this'), mime: 'application/octet-stream', extension: 'bin' };
    const { image: made, warnings } = await renderOutput(sharp, before, { fit: 'inside', type: 'png' });
    assert.deepEqual([made, warnings[0]?.key], [before, 'output_not_rendered']);
  });
});
