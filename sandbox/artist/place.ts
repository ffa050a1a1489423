import { darker, mix } from './colour.js';
import type { Thing } from './idea.js';
import { grass } from './plants.js';
import { path, shape, type Stage } from './stage.js';
import { type Form, landColour, ridge, type Ridge, type RidgeOptions } from './terrain.js';

/**
 * Land or sea of an image: what lies behind the things in it, where these stand or float, and what comes before them.
 */
export interface Place {
  behind: string;
  ground(x: number): number;
  /** Where a boat floats. */
  surface?: number;
  before: string;
}

/** Lines of land from the horizon to the viewer. */
export function lines(stage: Stage, form: Form, rows: Partial<RidgeOptions>[]): Ridge[] {
  return rows.map((row) => ridge(stage, { form, level: stage.horizon, swing: stage.unit * 5, nearness: 0.5, ...row }));
}

/** Several lines as one drawing. */
export const join = (ridges: Ridge[]): string => ridges.map(({ svg }) => svg).join('');
/** The nearest of several lines. */
export const last = (ridges: Ridge[]): Ridge => ridges[ridges.length - 1] as Ridge;

/** What needs firm ground under it. */
const onLand = new Set<Thing>([
  'lighthouse',
  'house',
  'castle',
  'windmill',
  'cat',
  'dog',
  'person',
  'robot',
  'owl',
  'tree',
  'palm',
]);

/** Whether an image of water needs land in front. */
export function needsLand({ idea }: Stage): boolean {
  return idea.things.some((thing) => onLand.has(thing));
}

/** The near bank of a lake: high at one side, so that something can stand there. */
export function bank(stage: Stage, low: number): Pick<Place, 'ground' | 'before'> {
  const { horizon, height, width, unit, random } = stage;
  const room = height - horizon;
  const side = random.chance(0.5) ? 0 : width;
  const wave = random.between(0, 6);
  const at = (x: number): number =>
    horizon +
    room * low -
    unit * 14 * Math.max(0, 1 - Math.abs(x - side) / (width * 0.62)) ** 1.3 +
    Math.sin(x / unit / 9 + wave) * unit * 0.8;
  const colour = landColour(stage, 0.96);
  const points = Array.from(
    { length: 61 },
    (_, index) => path`L${(width * index) / 60} ${at((width * index) / 60)}`,
  ).join('');
  const land = shape(
    path`M0 ${height}${points}L${width} ${height}z`,
    stage.gradient('down', [
      [0, mix(colour, stage.palette.land, 0.25)],
      [1, darker(colour, 0.3)],
    ]),
  );
  return { ground: at, before: land + grass(stage, at, colour) };
}
