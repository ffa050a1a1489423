/** What an image was made with. */
export interface ImageSettings {
  prompt: string;
  negativePrompt?: string | undefined;
  steps?: number | undefined;
  seed?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
  model?: string | undefined;
}

/** The most characters of a prompt that are written: a JPEG has room for 64 kB. */
const longestPrompt = 5000;

/** The settings in the text form that AUTOMATIC1111's web UI writes and that viewers and galleries read. */
export function writeSettingsText(settings: ImageSettings): string {
  const { prompt, negativePrompt, steps, seed, width, height, model } = settings;
  const size = width === undefined || height === undefined ? undefined : `${width}x${height}`;
  const values = { Steps: steps, Seed: seed, Size: size, Model: model };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return [
    shorten(prompt),
    ...(negativePrompt === undefined ? [] : [`Negative prompt: ${shorten(negativePrompt)}`]),
    known.map(([name, value]) => `${name}: ${value}`).join(', '),
  ].join('\n');
}

/** A prompt of at most so many characters. */
export function shorten(text: string): string {
  return text.length <= longestPrompt ? text : `${text.slice(0, longestPrompt)}…`;
}
