import { type Colour, mix } from './colour.js';
import { circle, type Stage } from './stage.js';

/** A painter of one thing that stands at x, y (its foot) and is `tall`. */
export type Painter = (stage: Stage, x: number, y: number, tall: number) => string;

/** How far daylight colours sink into the dark. */
export function dusk({ time }: Stage): number {
  return { day: 0.04, dawn: 0.22, sunset: 0.42, night: 0.55 }[time];
}

/** A colour by daylight, seen in the light of this image. */
export function inLight(stage: Stage, colour: Colour): Colour {
  return mix(colour, stage.palette.near, dusk(stage));
}

/** The colour of a window: the sky by day, a lamp later. */
export function lamps(stage: Stage): Colour {
  return stage.time === 'day' ? '#7fb4d1' : '#ffd98a';
}

/** Light that spills from a window. */
export function spill(stage: Stage, x: number, y: number, radius: number): string {
  if (stage.time === 'day') return '';
  return circle(
    x,
    y,
    radius,
    stage.gradient('round', [
      [0, '#ffd98a', 0.55],
      [1, '#ffb85c', 0],
    ]),
  );
}
