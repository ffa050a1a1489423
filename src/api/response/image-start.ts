/** How many characters show whether a string is an image, whatever its key. */
export const sniffLength = 64;

/** The first characters of `imageStart`: cheap to look at. */
const firstBytes = new Set(Buffer.from('di/\\RUASTPQ!<'));

/**
 * How base64 of PNG, JPEG, GIF, WebP, AVIF, JPEG XL, TIFF, BMP and SVG begins, data URLs of images, also in Markdown,
 * and SVG as text.
 */
const imageStart =
  /^((!\[[^\]]{0,30}\]\()?data:(image\/|application\/octet-stream)|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR.{6}V0VCU|AAAA.{1,3}Z0eX|AAAADEpYTCAN|SUkqA|TU0AK|Qk.{6}AAAA[A-D]|PHN2Zy|PD94bWwg|<svg[\s>])/s;

/** Whether a name speaks of base64: `base64`, `bytesBase64Encoded`. */
export function isBase64Key(key: string | undefined): boolean {
  return key !== undefined && /b64|base_?64/i.test(key);
}

/** Whether a string that begins so is an image; under a key of base64 it need not begin like a known format. */
export function startsImage(start: Buffer, hasBase64Key: boolean): boolean {
  if (!hasBase64Key && !firstBytes.has(start[0]!)) return false;
  const text = start.toString('latin1', 0, sniffLength).replace(/\\\//g, '/');
  return imageStart.test(text) || (hasBase64Key && /^[\w+/\\-]+$/.test(text));
}
