import type { Model } from '../../shared/editor/models.js';
import { apiNames } from '../config.js';

/**
 * Whether a model that lists its fields takes one. The strength says how much to change an image, so every model that
 * takes one has it.
 */
export function takesField({ abilities, parameters }: Model, name: keyof typeof apiNames): boolean {
  const takesImages = abilities.includes('image-to-image') || abilities.includes('inpainting');
  return apiNames[name] in parameters || (name === 'strength' && takesImages);
}
