import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { root } from '../install.mjs';

const images = join(root, 'docs', 'images');

/** Text and flat areas do not need more. */
export function fewColours(screenshot) {
  return sharp(screenshot).png({ palette: true, quality: 90, effort: 10 });
}

/** Writes an image to docs/images and says how large it is. */
export async function keep(name, image) {
  const path = join(images, name);
  await mkdir(dirname(path), { recursive: true });
  const { size } = await image.toFile(path);
  console.log(`docs/images/${name}  ${Math.round(size / 1000)} kB`);
}
