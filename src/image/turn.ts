import type { Sharp as Pipeline } from 'sharp';

/** What makes each orientation upright: mirroring from left to right, then rotating clockwise by degrees. */
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
 * Turns an image upright. Not left to sharp's `autoOrient`, which may read another orientation from the file than the
 * one that the size, the mask and the warnings are based on.
 */
export function turn(pipeline: Pipeline, orientation = 1): Pipeline {
  const step = steps[orientation];
  if (!step) return pipeline;
  const mirrored = step.mirror ? pipeline.flop() : pipeline;
  return step.angle > 0 ? mirrored.rotate(step.angle) : mirrored;
}
