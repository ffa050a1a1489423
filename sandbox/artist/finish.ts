import type { Sharp as Picture } from 'sharp';
import type { Order } from '../order.js';
import type { Painting } from '../storage.js';
import type { Sharp } from './studio.js';

/** Gives a picture the style of its model and the format that was asked for. */
export async function finish(sharp: Sharp, picture: Picture, { model, outputFormat }: Order): Promise<Painting> {
  const styled = await styles[model.style](picture.removeAlpha(), sharp);
  const bytes = await encode[outputFormat](styled).toBuffer();
  return { bytes, mime: `image/${outputFormat}` };
}

const styles: Record<Order['model']['style'], (picture: Picture, sharp: Sharp) => Picture | Promise<Picture>> = {
  scene: (picture) => picture,
  ink: (picture) => inTwoTones(picture.normalise(), [34, 32, 44], [247, 241, 226]),
  poster: async (picture, sharp) =>
    sharp(await picture.modulate({ saturation: 1.35 }).png({ palette: true, colours: 14, dither: 0 }).toBuffer()).removeAlpha(),
};

type Tone = readonly [number, number, number];

/** Dark parts in one colour, light parts in another. */
export function inTwoTones(picture: Picture, dark: Tone, light: Tone): Picture {
  const [red, green, blue] = dark.map((from, index) => ((light[index] ?? 255) - from) / 255) as [number, number, number];
  const grey = [0.299, 0.587, 0.114] as const;
  const weigh = (share: number): [number, number, number] => [grey[0] * share, grey[1] * share, grey[2] * share];
  return picture.recomb([weigh(red), weigh(green), weigh(blue)]).linear([1, 1, 1], [...dark]);
}

const encode = {
  png: (picture: Picture) => picture.png({ compressionLevel: 7 }),
  jpeg: (picture: Picture) => picture.flatten({ background: '#ffffff' }).jpeg({ quality: 90 }),
  webp: (picture: Picture) => picture.webp({ quality: 90 }),
};
