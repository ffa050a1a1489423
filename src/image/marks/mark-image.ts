import { defined } from '../../defined.js';
import type { GeneratedImage, Warning } from '../../generation.js';
import { warning } from '../../warning.js';
import { inspect } from '../inspect.js';
import { jpegMarks } from './jpeg.js';
import type { MarkFormat } from './mark.js';
import { pngMarks } from './png.js';
import { type ImageSettings, shorten, writeSettingsText } from './settings-text.js';
import { webpMarks } from './webp.js';
import { writeXmp } from './xmp.js';

/** What is written about an image into its file. */
export interface MarkOptions {
  /** `ai`: that it was made by AI, and by which; `settings`: also with which prompt and settings. */
  mark: 'ai' | 'settings';
  isEdit: boolean;
  /** The model and the service. */
  system: string;
  settings: ImageSettings;
}

const formats: Record<string, MarkFormat> = {
  'image/png': pngMarks,
  'image/jpeg': jpegMarks,
  'image/webp': webpMarks,
};

/**
 * Marks an image as made by AI. Nothing is re-encoded, and existing metadata is kept. An image that already has XMP or
 * C2PA, or whose format cannot be marked, is left unchanged, with a warning.
 */
export function markImage(image: GeneratedImage, options: MarkOptions): { image: GeneratedImage; warnings: Warning[] } {
  const { mark, isEdit, system, settings } = options;
  const format = formats[image.mime];
  const leave = (reason: 'mark_no_place' | 'mark_foreign'): { image: GeneratedImage; warnings: Warning[] } => ({
    image,
    warnings: [warning(reason, { format: image.mime })],
  });
  if (!format || inspect(image.bytes)?.complete !== true) return leave('mark_no_place');
  if (format.isMarked(image.bytes)) return leave('mark_foreign');
  const prompt = mark === 'settings' ? shorten(settings.prompt) : undefined;
  const { width, height } = image;
  const bytes = format.insert(image.bytes, {
    xmp: writeXmp({ isEdit, system, ...defined({ prompt }) }),
    ...(mark === 'settings' && { settings: writeSettingsText({ ...settings, width, height }) }),
  });
  // The Buffer must own its memory.
  return bytes
    ? { image: { ...image, bytes: Buffer.from(new Uint8Array(bytes).buffer) }, warnings: [] }
    : leave('mark_no_place');
}
