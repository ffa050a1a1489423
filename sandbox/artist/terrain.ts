import { type Colour, darker, lighter, mix } from './colour.js';
import { type Stage, path, shape } from './stage.js';

/** How a line of land runs: round hills, jagged peaks or long dunes. */
export type Form = 'hills' | 'peaks' | 'dunes';

/** A line of land from the left edge to the right one. */
export interface Ridge {
  svg: string;
  /** Height of the line at a place. */
  at(x: number): number;
}

export interface RidgeOptions {
  form: Form;
  /** Height the line swings around, and how far. */
  level: number;
  swing: number;
  /** 0 = at the horizon, 1 = at one's feet. */
  nearness: number;
  snowy?: boolean;
}

/** Land as far as it is seen: far lines fade into the colour of the sky above the horizon, mist lies in the valleys. */
export function ridge(stage: Stage, options: RidgeOptions): Ridge {
  const { width, height, unit } = stage;
  const count = Math.min(220, Math.max(24, Math.ceil(width / (unit * (options.form === 'peaks' ? 1.1 : 2)))));
  const line = traceRidge(stage, options);
  const points = Array.from({ length: count + 1 }, (_, index) => ({
    x: (width * index) / count,
    y: line((width * index) / count),
  }));
  const colour = landColour(stage, options.nearness);
  const foot = mix(colour, stage.palette.low, 0.42 * (1 - options.nearness));
  const fill = stage.gradient('down', [
    [0, colour],
    [1, options.nearness > 0.9 ? darker(colour, 0.35) : foot],
  ]);
  const outline = points.map(({ x, y }) => path`L${x} ${y}`).join('');
  const lowest = options.nearness > 0.9 ? height : Math.min(height, options.level + options.swing + unit * 26);
  const body = shape(path`M0 ${lowest}${outline}L${width} ${lowest}z`, fill);
  const facets = options.form === 'peaks' ? peaks(stage, points, colour, options) : '';
  return { svg: body + facets, at: line };
}

/** The colour of land at a distance. */
export function landColour({ palette }: Stage, nearness: number): Colour {
  const hazy = mix(palette.low, palette.middle, 0.45);
  return nearness < 0.55
    ? mix(hazy, palette.land, nearness / 0.55)
    : mix(palette.land, palette.near, (nearness - 0.55) / 0.45);
}

function traceRidge({ unit, random }: Stage, { form, level, swing }: RidgeOptions): (x: number) => number {
  const waves = Array.from({ length: form === 'peaks' ? 6 : 3 }, (_, octave) => ({
    phase: random.between(0, 6.28),
    length: (unit * random.between(70, 110)) / (form === 'peaks' ? 1.1 : 1.6) / 1.9 ** octave,
    height: 1 / (form === 'peaks' ? 2 : 2.3) ** octave,
  }));
  const total = waves.reduce((sum, { height }) => sum + height, 0);
  return (x) => {
    const sum = waves.reduce(
      (value, { phase, length, height }) => value + height * profile(form, (x / length) * 6.28 + phase),
      0,
    );
    return level - (swing * sum) / total;
  };
}

/** From -1 to 1 over a period of 2π. */
function profile(form: Form, turn: number): number {
  if (form === 'hills') return Math.sin(turn);
  const part = (((turn / 6.28) % 1) + 1) % 1;
  if (form === 'peaks') return 1 - 4 * Math.abs(part - 0.5);
  return part < 0.68 ? 1 - 2 * Math.cos((part / 0.68) * 1.57) : 1 - 2 * Math.sin(((part - 0.68) / 0.32) * 1.57);
}

type Point = { x: number; y: number };

/** The sides turned away from the light, and snow above a line. */
function peaks(stage: Stage, points: Point[], colour: Colour, { level, swing, nearness, snowy }: RidgeOptions): string {
  const { unit, palette, random, lamp, width } = stage;
  const shade = darker(colour, palette.dark ? 0.35 : 0.2);
  const toRight = lamp.x < width / 2 ? 1 : -1;
  const snow = palette.dark ? mix(palette.low, '#ffffff', 0.35) : mix('#ffffff', palette.low, 0.25);
  let svg = '';
  points.forEach((top, index) => {
    const reach = 5;
    const around = points.slice(Math.max(0, index - reach), index + reach + 1);
    if (around.some(({ y }) => y < top.y) || index === 0 || index === points.length - 1) return;
    const side: Point[] = [];
    for (
      let at = index;
      points[at] &&
      side.length < 26 &&
      (side.length < 3 || (points[at]?.y ?? 0) >= (side[side.length - 2]?.y ?? 0) - unit * 1.2);
      at += toRight
    )
      side.push(points[at] as Point);
    const foot = side[side.length - 1] as Point;
    const drop = Math.max(foot.y - top.y, unit * 4);
    const zigzag = [0.85, 0.62, 0.4, 0.2]
      .map(
        (part) =>
          path`L${top.x + (foot.x - top.x) * (part * 0.32 + random.between(-0.08, 0.1))} ${top.y + drop * part}`,
      )
      .join('');
    svg += shape(
      path`M${top.x} ${top.y}${side.map(({ x, y }) => path`L${x} ${y}`).join('')}L${top.x + (foot.x - top.x) * 0.5} ${top.y + drop * 1.25}${zigzag}z`,
      shade,
      'fill-opacity="0.55"',
    );
    if (snowy && top.y < level - swing * 0.15)
      svg += cap(stage, points, index, mix(snow, colour, 0.55 * (1 - nearness) + 0.05));
  });
  return svg;
}

function cap({ unit, random }: Stage, points: Point[], index: number, snow: Colour): string {
  const top = points[index] as Point;
  const depth = unit * random.between(4.5, 7.5);
  const edge = (step: number): Point[] => {
    const found: Point[] = [];
    for (let at = index; points[at] && (points[at] as Point).y < top.y + depth && found.length < 14; at += step)
      found.push(points[at] as Point);
    return found;
  };
  const [left, right] = [edge(-1).reverse(), edge(1)];
  const [from, to] = [left[0] ?? top, right[right.length - 1] ?? top];
  const teeth = 5;
  const hem = Array.from({ length: teeth }, (_, tooth) => {
    const part = (tooth + 0.5) / teeth;
    return path`L${to.x + (from.x - to.x) * part} ${Math.max(from.y, to.y) + depth * (tooth % 2 === 0 ? random.between(-0.35, -0.1) : random.between(0.12, 0.4))}`;
  }).join('');
  const all = [...left, ...right].map(({ x, y }) => path`L${x} ${y}`).join('');
  return shape(path`M${from.x} ${from.y}${all}${hem}z`, lighter(snow, 0.15));
}
