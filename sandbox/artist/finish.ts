import type { Sharp as Image } from 'sharp';
import type { PaintRequest } from '../paint-request.js';
import type { Painting } from '../storage.js';
import type { Sharp } from './studio.js';

/** Gives an image the style of its model and the format that was asked for. */
export async function finish(sharp: Sharp, image: Image, { model, outputFormat }: PaintRequest): Promise<Painting> {
  const styled = await styles[model.style](image.removeAlpha(), sharp);
  const bytes = await encode[outputFormat](styled).toBuffer();
  return { bytes, mime: `image/${outputFormat}` };
}

const styles: Record<PaintRequest['model']['style'], (image: Image, sharp: Sharp) => Image | Promise<Image>> = {
  scene: (image) => image,
  ink: (image) => inTwoTones(image.normalise(), [34, 32, 44], [247, 241, 226]),
  poster: async (image, sharp) =>
    sharp(
      await image.modulate({ saturation: 1.35 }).png({ palette: true, colours: 14, dither: 0 }).toBuffer(),
    ).removeAlpha(),
};

type Tone = readonly [number, number, number];

/** Dark parts in one colour, light parts in another. */
export function inTwoTones(image: Image, dark: Tone, light: Tone): Image {
  const [red, green, blue] = dark.map((from, index) => ((light[index] ?? 255) - from) / 255) as [
    number,
    number,
    number,
  ];
  const grey = [0.299, 0.587, 0.114] as const;
  const weigh = (share: number): [number, number, number] => [grey[0] * share, grey[1] * share, grey[2] * share];
  return image.recomb([weigh(red), weigh(green), weigh(blue)]).linear([1, 1, 1], [...dark]);
}

const encode = {
  png: (image: Image) => image.png({ compressionLevel: 7 }),
  jpeg: (image: Image) => image.flatten({ background: '#ffffff' }).jpeg({ quality: 90 }),
  webp: (image: Image) => image.webp({ quality: 90 }),
};
