import { darker, lighter, mix } from './colour.js';
import { skyline } from './city.js';
import { flowers, grass, pines } from './plants.js';
import { type Stage, ellipse, many, path, rectangle, round, shape } from './stage.js';
import { type Form, type Ridge, type RidgeOptions, landColour, ridge } from './terrain.js';
import { swell, water } from './water.js';

/** Land or sea of a picture: what lies behind the things in it, where these stand or float, and what comes before them. */
export interface Place {
  behind: string;
  ground(x: number): number;
  /** Where a boat floats. */
  surface?: number;
  before: string;
}

/** Lines of land from the horizon to the viewer. */
function lines(stage: Stage, form: Form, rows: Partial<RidgeOptions>[]): Ridge[] {
  return rows.map((row) => ridge(stage, { form, level: stage.horizon, swing: stage.unit * 5, nearness: 0.5, ...row }));
}

const join = (ridges: Ridge[]): string => ridges.map(({ svg }) => svg).join('');
const last = (ridges: Ridge[]): Ridge => ridges[ridges.length - 1] as Ridge;

function hills(stage: Stage): Place {
  const { horizon, height, unit, idea, random } = stage;
  const room = height - horizon;
  const far = lines(stage, random.chance(0.5) ? 'peaks' : 'hills', [{ level: horizon - unit * 5, swing: unit * 8, nearness: 0.12, snowy: true }]);
  const rows = lines(stage, 'hills', [
    { level: horizon + room * 0.04, swing: unit * 5, nearness: 0.26 },
    { level: horizon + room * 0.17, swing: unit * 5, nearness: 0.42 },
    { level: horizon + room * 0.34, swing: unit * 5, nearness: 0.58 },
    { level: horizon + room * 0.55, swing: unit * 4, nearness: 0.74 },
  ]);
  const front = lines(stage, 'hills', [{ level: horizon + room * 0.82, swing: unit * 3, nearness: 1 }]);
  const trees = pines(stage, rows[1]!.at, { nearness: 0.46, tall: 5, dense: 0.5 }) + pines(stage, rows[2]!.at, { nearness: 0.62, tall: 8, dense: 0.28 });
  const behind = join(far) + rows[0]!.svg + rows[1]!.svg + trees + rows[2]!.svg + rows[3]!.svg;
  const bloom = idea.season === 'winter' ? '' : idea.things.includes('flowers') || idea.season === 'spring' ? flowers(stage, horizon + room * 0.72) : '';
  return { behind, ground: rows[3]!.at, before: join(front) + grass(stage, last(front).at, landColour(stage, 1)) + bloom };
}

function mountains(stage: Stage): Place {
  const { horizon, height, unit, idea, random } = stage;
  const room = height - horizon;
  const rows = lines(stage, 'peaks', [
    { level: horizon - unit * 15, swing: unit * 17, nearness: 0.16, snowy: true },
    { level: horizon - unit * 5, swing: unit * 13, nearness: 0.34, snowy: true },
  ]);
  const foot = lines(stage, 'hills', [{ level: horizon - unit * 1, swing: unit * 3, nearness: 0.5 }]);
  const wooded = foot[0]!.svg + pines(stage, foot[0]!.at, { nearness: 0.55, tall: 6.5, dense: 1.4 });
  if (idea.water || random.chance(0.5)) {
    const level = horizon + room * 0.08;
    const shore = join(rows) + wooded;
    return { behind: water(stage, level, shore), surface: level + room * 0.22, ...bank(stage, 0.82) };
  }
  const near = lines(stage, 'hills', [
    { level: horizon + room * 0.25, swing: unit * 5, nearness: 0.66 },
    { level: horizon + room * 0.62, swing: unit * 4, nearness: 0.82 },
  ]);
  const behind = join(rows) + wooded + near[0]!.svg + pines(stage, near[0]!.at, { nearness: 0.72, tall: 13, dense: 0.9 }) + near[1]!.svg;
  return { behind, ground: near[1]!.at, before: corner(stage) };
}

/** The near bank of a lake: high at one side, so that something can stand there. */
function bank(stage: Stage, low: number): Pick<Place, 'ground' | 'before'> & { ground(x: number): number } {
  const { horizon, height, width, unit, random } = stage;
  const room = height - horizon;
  const side = random.chance(0.5) ? 0 : width;
  const wave = random.between(0, 6);
  const at = (x: number): number => horizon + room * low - unit * 14 * Math.max(0, 1 - Math.abs(x - side) / (width * 0.62)) ** 1.3 + Math.sin(x / unit / 9 + wave) * unit * 0.8;
  const colour = landColour(stage, 0.96);
  const points = Array.from({ length: 61 }, (_, index) => path`L${(width * index) / 60} ${at((width * index) / 60)}`).join('');
  const land = shape(path`M0 ${height}${points}L${width} ${height}z`, stage.gradient('down', [[0, mix(colour, stage.palette.land, 0.25)], [1, darker(colour, 0.3)]]));
  return { ground: at, before: land + grass(stage, at, colour) };
}

/** A few large pines that frame the picture. */
function corner(stage: Stage): string {
  const { horizon, height, unit, width, random } = stage;
  const room = height - horizon;
  const near = ridge(stage, { form: 'hills', level: horizon + room * 0.9, swing: unit * 2.5, nearness: 1 });
  const middle = width * random.between(0.35, 0.65);
  return near.svg + pines(stage, (x) => near.at(x) + unit * 2 + Math.max(0, unit * 26 - Math.abs(x - middle) * 0.5), { nearness: 1, tall: 25, dense: 0.75, keepFree: middle }) + grass(stage, near.at, landColour(stage, 1));
}

function forest(stage: Stage): Place {
  const { horizon, height, unit, width } = stage;
  const room = height - horizon;
  const rows = lines(stage, 'hills', [
    { level: horizon - unit * 4, swing: unit * 8, nearness: 0.2 },
    { level: horizon + room * 0.04, swing: unit * 4, nearness: 0.38 },
    { level: horizon + room * 0.2, swing: unit * 4, nearness: 0.56 },
    { level: horizon + room * 0.48, swing: unit * 3, nearness: 0.74 },
  ]);
  const clearing = width * (stage.lamp.x < width / 2 ? 0.68 : 0.32);
  const behind = rows.map((row, index) => pines(stage, row.at, { nearness: [0.2, 0.38, 0.56, 0.72][index] ?? 0.5, tall: [8, 12, 17, 22][index] ?? 12, dense: [1.6, 1.4, 1.1, 0.7][index] ?? 1, ...(index === 3 && { keepFree: clearing }) }) + row.svg).join('');
  const near = ridge(stage, { form: 'hills', level: horizon + room * 0.84, swing: unit * 2.5, nearness: 1 });
  const frame = pines(stage, (x) => near.at(x) + unit * 3 + Math.max(0, unit * 40 - Math.abs(x - clearing) * 0.8), { nearness: 1, tall: 46, dense: 0.9, keepFree: clearing });
  return { behind, ground: (x) => rows[3]!.at(x) + unit * 3, before: frame + near.svg + grass(stage, near.at, landColour(stage, 1)) };
}

function lake(stage: Stage): Place {
  const { horizon, height, unit, idea } = stage;
  const room = height - horizon;
  const far = lines(stage, 'peaks', [{ level: horizon - unit * 8, swing: unit * 9, nearness: 0.16, snowy: true }]);
  const rows = lines(stage, 'hills', [
    { level: horizon - unit * 3, swing: unit * 5, nearness: 0.32 },
    { level: horizon - unit * 0.5, swing: unit * 2.5, nearness: 0.52 },
  ]);
  const shore = join(far) + rows[0]!.svg + rows[1]!.svg + pines(stage, rows[1]!.at, { nearness: 0.56, tall: 7, dense: 1.1 });
  const level = horizon + room * 0.05;
  const near = bank(stage, 0.84);
  const bloom = idea.things.includes('flowers') ? flowers(stage, horizon + room * 0.82) : '';
  return { behind: water(stage, level, shore), surface: level + room * 0.25, ground: near.ground, before: near.before + bloom };
}

function sea(stage: Stage): Place {
  const { horizon, height, unit, idea, random } = stage;
  const room = height - horizon;
  const rough = idea.weather.has('storm') || idea.weather.has('rain');
  const islands = random.chance(0.6) ? lines(stage, 'peaks', [{ level: horizon + unit * 2, swing: unit * 7, nearness: 0.24 }]) : [];
  const waves = rough || random.chance(0.4) ? swell(stage, horizon + room * 0.12, rough) : '';
  const needsLand = idea.things.some((thing) => standing.has(thing));
  const near = needsLand ? cliff(stage) : { ground: () => height * 0.94, before: '' };
  return { behind: water(stage, horizon, join(islands)) + waves, surface: horizon + room * 0.28, ...near };
}

const standing = new Set(['lighthouse', 'house', 'castle', 'windmill', 'cat', 'dog', 'person', 'robot', 'owl', 'tree', 'palm']);

/** A headland that comes in from one side. */
function cliff(stage: Stage): Pick<Place, 'ground' | 'before'> {
  const { horizon, height, width, unit, palette, random } = stage;
  const right = stage.lamp.x < width / 2;
  const x = (part: number): number => (right ? width * (1 - part) : width * part);
  const top = horizon + (height - horizon) * 0.24;
  const steps = [[0, 0], [0.2, 0.01], [0.34, 0.05], [0.4, 0.13], [0.43, 0.24], [0.48, 0.3], [0.5, 0.43], [0.57, 0.5], [0.6, 0.66], [0.68, 0.74], [0.74, 0.9], [0.82, 1.1]] as const;
  const colour = mix(landColour(stage, 0.9), palette.near, 0.3);
  const edge = steps.map(([across, down]) => path`L${across === 0 ? x(-0.02) : x(across) + random.between(-0.6, 0.6) * unit} ${top + (height - top) * down}`).join('');
  const rock = shape(path`M${x(-0.02)} ${height}${edge}V${height}z`, stage.gradient('down', [[0, colour], [1, darker(colour, 0.4)]]));
  const faces = many(12, (index) => {
    const [across, down] = steps[3 + (index % 8)] ?? [0.5, 0.5];
    const [px, py] = [x(across - random.between(0.02, 0.16)), top + (height - top) * (down + random.between(0.02, 0.2))];
    return shape(path`M${px} ${py}l${unit * random.between(-3, 1)} ${unit * random.between(4, 9)}l${unit * random.between(2, 6)} ${unit * random.between(1, 5)}z`, random.chance(0.5) ? lighter(colour, 0.12) : darker(colour, 0.3), 'fill-opacity="0.45"');
  });
  const turf = shape(path`M${x(0)} ${top + unit * 5}L${x(0)} ${top - unit * 0.6}L${x(0.2)} ${top - unit * 0.2}L${x(0.36)} ${top + unit * 2}L${x(0.4)} ${top + unit * 4.6}Q${x(0.3)} ${top + unit * 3} ${x(0.2)} ${top + unit * 4.4}Q${x(0.1)} ${top + unit * 2.6} ${x(0)} ${top + unit * 5}z`, mix(palette.land, palette.near, 0.3));
  const foam = many(16, () => ellipse(x(random.between(0.6, 0.9)), height - random.between(0, 0.3) * (height - top), unit * random.between(2, 7), unit * random.between(0.2, 0.5), lighter(palette.low, 0.4), 'fill-opacity="0.5"'));
  return { ground: () => top + unit * 1.2, before: foam + rock + faces + turf };
}

function beach(stage: Stage): Place {
  const { horizon, height, width, unit, palette, time, random } = stage;
  const room = height - horizon;
  const island = random.chance(0.6) ? join(lines(stage, 'hills', [{ level: horizon + unit, swing: unit * 4.5, nearness: 0.3 }])) : '';
  const sand = mix('#f1d7a2', palette.near, { day: 0, dawn: 0.2, sunset: 0.38, night: 0.62 }[time]);
  const tilt = random.between(-0.12, 0.12);
  const at = (x: number): number => horizon + room * (0.62 + tilt * (x / width - 0.5) * 2) + Math.sin((x / width) * 5 + tilt * 30) * unit * 2;
  const line = (down: number): string => Array.from({ length: 41 }, (_, index) => path`L${(width * index) / 40} ${at((width * index) / 40) + down * unit + Math.sin(index * 0.9) * unit * 0.3}`).join('');
  const strip = (down: number, fill: string, more = ''): string => shape(path`M0 ${height}${line(down)}L${width} ${height}z`, fill, more);
  const shore = strip(-3.4, lighter(palette.low, 0.5), 'fill-opacity="0.35"') + strip(-1.4, '#ffffff', `fill-opacity="${time === 'night' ? 0.35 : 0.75}"`) + strip(-0.5, darker(sand, 0.22)) + strip(1.6, stage.gradient('down', [[0, sand], [1, darker(sand, 0.15)]]));
  const dots = many(70, () => ellipse(random.between(0, width), random.between(at(width / 2) + unit * 5, height), unit * random.between(0.15, 0.5), unit * 0.14, darker(sand, 0.25), 'fill-opacity="0.6"'));
  return { behind: water(stage, horizon, island), surface: horizon + room * 0.2, ground: (x) => at(x) + unit * 7, before: shore + dots };
}

function desert(stage: Stage): Place {
  const { horizon, height, unit, random } = stage;
  const room = height - horizon;
  const mesa = random.chance(0.5) ? join(lines(stage, 'peaks', [{ level: horizon, swing: unit * 7, nearness: 0.2 }])) : '';
  const rows = [0.08, 0.26, 0.48, 0.7].map((part, index) => dune(stage, horizon + room * part, unit * (3.5 + index * 1.7), 0.32 + index * 0.17));
  return { behind: mesa + rows.slice(0, 3).map(({ svg }) => svg).join(''), ground: rows[2]!.at, before: rows[3]!.svg };
}

/** A dune with its shadow side: the crest runs down and forward from the highest place. */
function dune(stage: Stage, level: number, swing: number, nearness: number): Ridge {
  const { width, height, unit, palette, random } = stage;
  const land = ridge(stage, { form: 'hills', level, swing, nearness });
  const shade = mix(landColour(stage, nearness), mix(palette.near, palette.top, 0.4), 0.42);
  const tops = Array.from({ length: Math.ceil(width / unit / 4) }, (_, index) => index * unit * 4).filter((x) => land.at(x) < land.at(x - unit * 4) && land.at(x) <= land.at(x + unit * 4));
  const sides = tops.map((x) => {
    const long = unit * random.between(34, 50);
    const edge = many(13, (step) => path`L${x + (long * step) / 12} ${land.at(x + (long * step) / 12)}`);
    return shape(path`M${x} ${land.at(x)}${edge}Q${x + long * 0.66} ${level + swing * 1.3} ${x + long * 0.3} ${Math.min(height, level + swing * 2.6)}Q${x + long * 0.34} ${level + swing * 0.8} ${x} ${land.at(x)}z`, stage.gradient('down', [[0, shade, 0.75], [1, shade, 0]]));
  });
  return { svg: land.svg + sides.join(''), at: land.at };
}

function meadow(stage: Stage): Place {
  const { horizon, height, unit, idea } = stage;
  const room = height - horizon;
  const far = lines(stage, 'hills', [
    { level: horizon - unit * 4, swing: unit * 6, nearness: 0.14 },
    { level: horizon, swing: unit * 4, nearness: 0.3 },
    { level: horizon + room * 0.1, swing: unit * 2.5, nearness: 0.5 },
  ]);
  const field = lines(stage, 'hills', [{ level: horizon + room * 0.26, swing: unit * 2, nearness: 0.68 }]);
  const behind = join(far) + pines(stage, far[2]!.at, { nearness: 0.5, tall: 5, dense: 0.8 }) + join(field);
  const near = lines(stage, 'hills', [{ level: horizon + room * 0.5, swing: unit * 2, nearness: 0.86 }]);
  return { behind, ground: (x) => field[0]!.at(x) + unit * 2, before: join(near) + flowers(stage, horizon + room * 0.36, idea.tint as '#ffffff' | undefined) };
}

function city(stage: Stage): Place {
  const { horizon, height, width, unit, palette, idea, random } = stage;
  const room = height - horizon;
  const needsBank = idea.things.some((thing) => standing.has(thing));
  if (idea.water || random.chance(0.7)) {
    const level = horizon + room * 0.22;
    const shore = skyline(stage, level) + rectangle(0, level - unit * 0.5, width, unit, darker(palette.near, 0.15));
    const near = needsBank ? bank(stage, 0.88) : { ground: () => height * 0.95, before: '' };
    return { behind: water(stage, level + unit * 0.5, shore) + columns(stage, level + unit), surface: level + room * 0.2, ...near };
  }
  const near = lines(stage, 'hills', [{ level: height - unit * 13, swing: unit * 3, nearness: 1 }]);
  const park = pines(stage, near[0]!.at, { nearness: 0.92, tall: 6, dense: 0.9 }) + near[0]!.svg;
  return { behind: skyline(stage, height - unit * 8), ground: (x) => near[0]!.at(x) + unit, before: park };
}

/** Lights of the far bank drawn out on the water. */
function columns(stage: Stage, level: number): string {
  if (stage.time === 'day') return '';
  const { width, unit, random, palette } = stage;
  const fill = stage.gradient('down', [[0, stage.time === 'night' ? palette.accent : '#ffe0a0', 0.5], [1, palette.accent, 0]]);
  return many(Math.min(90, width / unit / 1.6), () => rectangle(random.between(0, width), level, unit * random.between(0.2, 0.6), unit * random.between(3, 15), fill, `fill-opacity="${round(random.between(0.3, 0.9))}"`));
}

/** The composition of every place on land or by the sea. */
export const places = { hills, mountains, forest, lake, sea, beach, desert, meadow, city };
