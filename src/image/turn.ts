import type { Sharp as Pipeline } from 'sharp';

/** What makes each orientation upright: a mirroring from left to right, then a turn to the right in degrees. */
const steps: Record<number, { mirror: boolean; angle: number }> = {
  2: { mirror: true, angle: 0 },
  3: { mirror: false, angle: 180 },
  4: { mirror: true, angle: 180 },
  5: { mirror: true, angle: 270 },
  6: { mirror: false, angle: 90 },
  7: { mirror: true, angle: 90 },
  8: { mirror: false, angle: 270 },
};

/**
 * Turns an image upright. Not left to sharp's own `autoOrient`, which may find another orientation in the file than the one that
 * the size, the mask and the warnings go by.
 */
export function turn(pipeline: Pipeline, orientation = 1): Pipeline {
  const step = steps[orientation];
  if (!step) return pipeline;
  const mirrored = step.mirror ? pipeline.flop() : pipeline;
  return step.angle > 0 ? mirrored.rotate(step.angle) : mirrored;
}
