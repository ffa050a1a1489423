import type { Sharp as Image } from 'sharp';
import { channels, lighter } from './colour.js';
import { inTwoTones } from './finish.js';
import { composeScene } from './scene.js';
import { fromPixels, type Pixels, readPixels, type Sharp } from './studio.js';

/** What to make of an input. */
export interface Restyling {
  prompt: string;
  seed: string;
  /** 0 stays with the input, 1 is almost the painted scene. */
  strength: number;
}

const largestSide = 2048;

/**
 * Several inputs become one image, side by side; a single one stays as
 * it is. The size is the first one's if none is given.
 */
export async function montage(
  sharp: Sharp,
  images: Buffer[],
  wanted?: { width: number; height: number },
): Promise<Pixels> {
  const first = await readPixels(sharp, images[0] ?? Buffer.alloc(0), wanted);
  const scale = Math.min(1, largestSide / Math.max(first.width, first.height));
  const size = {
    width: Math.max(1, Math.round(first.width * scale)),
    height: Math.max(1, Math.round(first.height * scale)),
  };
  const base = scale < 1 ? await readPixels(sharp, images[0] as Buffer, size) : first;
  if (images.length === 1) return base;
  const edge = (index: number): number => Math.round((size.width * index) / images.length);
  const panels: { input: Buffer; raw: { width: number; height: number; channels: 4 }; left: number; top: number }[] =
    [];
  for (const [index, image] of images.entries()) {
    const width = edge(index + 1) - edge(index);
    if (width === 0) continue;
    const { data } = await readPixels(sharp, image, { width, height: size.height });
    panels.push({ input: data, raw: { width, height: size.height, channels: 4 }, left: edge(index), top: 0 });
  }
  return { ...size, data: await fromPixels(sharp, base).composite(panels).raw().toBuffer() };
}

/**
 * The input in the colours of the scene the prompt describes, in softer shapes; the stronger, the more of the scene
 * shines through.
 */
export async function restyle(sharp: Sharp, base: Pixels, { prompt, seed, strength }: Restyling): Promise<Image> {
  const { svg, palette } = composeScene(prompt, seed, base);
  const { width, height } = base;
  const dark = channels(palette.dark ? palette.near : palette.top);
  const light = channels(lighter(palette.low, 0.15));
  const flat = await fromPixels(sharp, base)
    .flatten({ background: palette.low })
    .removeAlpha()
    .median(strength > 0.2 ? 5 : 3)
    .png({ palette: true, colours: Math.round(48 - 36 * strength), dither: 0.4 })
    .toBuffer();
  const toned = await inTwoTones(sharp(flat).removeAlpha().normalise(), dark, light)
    .png({ compressionLevel: 1 })
    .toBuffer();
  const layers = [
    { input: await faded(sharp, flat, Math.min(1, strength * 1.2)) },
    { input: await faded(sharp, toned, Math.min(0.72, strength * 0.75)) },
    { input: await faded(sharp, Buffer.from(svg), strength ** 2 * 0.62), blend: 'soft-light' as const },
    { input: await faded(sharp, Buffer.from(svg), strength ** 4 * 0.42) },
  ];
  const start = await fromPixels(sharp, base)
    .flatten({ background: palette.low })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(await sharp(start).composite(layers).resize(width, height).png({ compressionLevel: 1 }).toBuffer());
}

/** An image at a part of its opacity. */
export async function faded(sharp: Sharp, image: Buffer, opacity: number): Promise<Buffer> {
  return sharp(image)
    .removeAlpha()
    .ensureAlpha(Math.max(0, Math.min(1, opacity)))
    .png({ compressionLevel: 1 })
    .toBuffer();
}
