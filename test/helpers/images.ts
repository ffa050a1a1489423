import sharp, { type Sharp } from 'sharp';

/** The formats that a test can have images in. */
export const formats = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const;

export type Format = (typeof formats)[number];

/** A real image of one colour, small in bytes; the same arguments give the same Buffer. */
export async function image(format: Format = 'png', width = 6, height = 4, background = 'teal'): Promise<Buffer> {
  const key = [format, width, height, background].join();
  const made =
    known.get(key) ??
    sharp({ create: { width, height, channels: 3, background } })
      .toFormat(format)
      .toBuffer()
      .then(owned);
  known.set(key, made);
  return made;
}

/** A mask as a service wants it: white on the left, where something is to change, black on the right. */
export async function mask(width = 6, height = 4): Promise<Buffer> {
  const left = await image('png', Math.ceil(width / 2), height, 'white');
  const black = sharp({ create: { width, height, channels: 3, background: 'black' } });
  return owned(
    await black
      .composite([{ input: left, left: 0, top: 0 }])
      .png()
      .toBuffer(),
  );
}

/** A JPEG whose EXIF data says that a camera was held like this, 1 to 8. */
export function turned(orientation: number, width = 6, height = 4): Promise<Buffer> {
  const plain: Sharp = sharp({ create: { width, height, channels: 3, background: 'olive' } });
  return plain.withMetadata({ orientation }).jpeg().toBuffer();
}

const known = new Map<string, Promise<Buffer>>();

function owned(bytes: Buffer): Buffer {
  return Buffer.from(new Uint8Array(bytes).buffer);
}

/** An image as a data URL. */
export function dataUrl(bytes: Buffer, mime = 'image/png'): string {
  return `data:${mime};base64,${bytes.toString('base64')}`;
}

/** An answer of the endpoint that holds these images as base64, with whatever else it says. */
export function answer(images: Buffer[], more: Record<string, unknown> = {}): { body: Record<string, unknown> } {
  return {
    body: { created: 1_763_880_000, data: images.map((bytes) => ({ b64_json: bytes.toString('base64') })), ...more },
  };
}

/** An answer of the endpoint that holds these addresses. */
export function addresses(urls: string[], more: Record<string, unknown> = {}): { body: Record<string, unknown> } {
  return { body: { created: 1_763_880_000, data: urls.map((url) => ({ url })), ...more } };
}
