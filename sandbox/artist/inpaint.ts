import { setImmediate } from 'node:timers/promises';
import { faded, type Restyling } from './restyle.js';
import { composeScene } from './scene.js';
import { fromPixels, type Pixels, readPixels, type Sharp } from './studio.js';

/** Pixels handled before the event loop gets its turn. */
const stride = 250_000;

/** A mask's pixel counts as white from here on. */
const white = 128;

/**
 * Paints a scene inside the white area of a mask, its edge softened inwards; every pixel outside comes back as it was.
 * The scene fills the area's bounds, so that it is seen whole. Gives a PNG.
 */
export async function inpaint(
  sharp: Sharp,
  base: Pixels,
  mask: Buffer,
  { prompt, seed, strength }: Restyling,
): Promise<Buffer> {
  const { width, height } = base;
  const read = await readPixels(sharp, mask);
  const flat = fromPixels(sharp, read)
    .flatten({ background: '#000000' })
    .greyscale()
    .resize(width, height, { fit: 'fill', kernel: 'nearest' });
  const levels = await flat.toColourspace('b-w').raw().toBuffer();
  const area = await bounds(levels, width, height);
  if (!area) return fromPixels(sharp, base).png().toBuffer();
  const { svg } = composeScene(prompt, seed, { width: Math.max(64, area.width), height: Math.max(64, area.height) });
  const scene = await sharp(Buffer.from(svg))
    .resize(area.width, area.height, { fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const layer = await faded(sharp, scene, 0.35 + 0.8 * strength);
  const painted = await fromPixels(sharp, base)
    .composite([{ input: layer, left: area.left, top: area.top }])
    .raw()
    .toBuffer();
  const edge = Math.max(0.3, Math.min(area.width, area.height) / 60);
  const soft = await sharp(levels, { raw: { width, height, channels: 1 } })
    .threshold(white)
    .blur(edge)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const data = await combine(base.data, painted, { levels, soft });
  return fromPixels(sharp, { data, width, height }).png().toBuffer();
}

async function bounds(
  levels: Buffer,
  width: number,
  height: number,
): Promise<{ left: number; top: number; width: number; height: number } | undefined> {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let index = 0; index < levels.length; index += 1) {
    if (index % stride === 0) await setImmediate();
    if ((levels[index] ?? 0) < white) continue;
    const [x, y] = [index % width, Math.floor(index / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Outside the mask the input's bytes, inside the painted ones, mixed where the edge is near. */
async function combine(
  base: Buffer,
  painted: Buffer,
  { levels, soft }: { levels: Buffer; soft: Buffer },
): Promise<Buffer> {
  const result = Buffer.from(base);
  for (let index = 0; index < levels.length; index += 1) {
    if (index % stride === 0) await setImmediate();
    if ((levels[index] ?? 0) < white) continue;
    const share = Math.min(1, Math.max(0, ((soft[index] ?? 255) - 110) / 110));
    for (let at = index * 4; at < index * 4 + 4; at += 1)
      result[at] = Math.round((base[at] ?? 0) + ((painted[at] ?? 0) - (base[at] ?? 0)) * share);
  }
  return result;
}
