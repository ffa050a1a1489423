import type { Model } from '../../shared/editor/models.js';
import { apiNames } from '../config.js';

/** Whether a model that lists its fields takes one. A strength says how far to go from an image, so that it comes with taking one. */
export function takesField({ abilities, parameters }: Model, name: keyof typeof apiNames): boolean {
  const takesImages = abilities.includes('image-to-image') || abilities.includes('inpainting');
  return apiNames[name] in parameters || (name === 'strength' && takesImages);
}
