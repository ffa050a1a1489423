import { skyline } from './city.js';
import { darker, lighter, mix } from './colour.js';
import { bank, join, lines, needsLand, type Place } from './place.js';
import { flowers, pines } from './plants.js';
import { ellipse, many, path, rectangle, round, shape, type Stage } from './stage.js';
import { landColour } from './terrain.js';
import { swell, water } from './water.js';

/** A lake before far mountains, its bank in front. */
export function lake(stage: Stage): Place {
  const { horizon, height, unit, idea } = stage;
  const room = height - horizon;
  const far = lines(stage, 'peaks', [{ level: horizon - unit * 8, swing: unit * 9, nearness: 0.16, snowy: true }]);
  const rows = lines(stage, 'hills', [
    { level: horizon - unit * 3, swing: unit * 5, nearness: 0.32 },
    { level: horizon - unit * 0.5, swing: unit * 2.5, nearness: 0.52 },
  ]);
  const shore =
    join(far) + rows[0]!.svg + rows[1]!.svg + pines(stage, rows[1]!.at, { nearness: 0.56, tall: 7, dense: 1.1 });
  const level = horizon + room * 0.05;
  const near = bank(stage, 0.84);
  const bloom = idea.things.includes('flowers') ? flowers(stage, horizon + room * 0.82) : '';
  return {
    behind: water(stage, level, shore),
    surface: level + room * 0.25,
    ground: near.ground,
    before: near.before + bloom,
  };
}

/** The open sea, with a headland where something has to stand. */
export function sea(stage: Stage): Place {
  const { horizon, height, unit, idea, random } = stage;
  const room = height - horizon;
  const rough = idea.weather.has('storm') || idea.weather.has('rain');
  const islands = random.chance(0.6)
    ? lines(stage, 'peaks', [{ level: horizon + unit * 2, swing: unit * 7, nearness: 0.24 }])
    : [];
  const waves = rough || random.chance(0.4) ? swell(stage, horizon + room * 0.12, rough) : '';
  const near = needsLand(stage) ? cliff(stage) : { ground: () => height * 0.94, before: '' };
  return { behind: water(stage, horizon, join(islands)) + waves, surface: horizon + room * 0.28, ...near };
}

/** A headland that comes in from one side. */
function cliff(stage: Stage): Pick<Place, 'ground' | 'before'> {
  const { horizon, height, width, unit, palette, random } = stage;
  const right = stage.lamp.x < width / 2;
  const x = (part: number): number => (right ? width * (1 - part) : width * part);
  const top = horizon + (height - horizon) * 0.24;
  const steps = [
    [0, 0],
    [0.2, 0.01],
    [0.34, 0.05],
    [0.4, 0.13],
    [0.43, 0.24],
    [0.48, 0.3],
    [0.5, 0.43],
    [0.57, 0.5],
    [0.6, 0.66],
    [0.68, 0.74],
    [0.74, 0.9],
    [0.82, 1.1],
  ] as const;
  const colour = mix(landColour(stage, 0.9), palette.near, 0.3);
  const edge = steps
    .map(
      ([across, down]) =>
        path`L${across === 0 ? x(-0.02) : x(across) + random.between(-0.6, 0.6) * unit} ${top + (height - top) * down}`,
    )
    .join('');
  const rock = shape(
    path`M${x(-0.02)} ${height}${edge}V${height}z`,
    stage.gradient('down', [
      [0, colour],
      [1, darker(colour, 0.4)],
    ]),
  );
  const faces = many(12, (index) => {
    const [across, down] = steps[3 + (index % 8)] ?? [0.5, 0.5];
    const [px, py] = [
      x(across - random.between(0.02, 0.16)),
      top + (height - top) * (down + random.between(0.02, 0.2)),
    ];
    return shape(
      path`M${px} ${py}l${unit * random.between(-3, 1)} ${unit * random.between(4, 9)}l${unit * random.between(2, 6)} ${unit * random.between(1, 5)}z`,
      random.chance(0.5) ? lighter(colour, 0.12) : darker(colour, 0.3),
      'fill-opacity="0.45"',
    );
  });
  const turf = shape(
    path`M${x(0)} ${top + unit * 5}L${x(0)} ${top - unit * 0.6}L${x(0.2)} ${top - unit * 0.2}L${x(0.36)} ${top + unit * 2}L${x(0.4)} ${top + unit * 4.6}Q${x(0.3)} ${top + unit * 3} ${x(0.2)} ${top + unit * 4.4}Q${x(0.1)} ${top + unit * 2.6} ${x(0)} ${top + unit * 5}z`,
    mix(palette.land, palette.near, 0.3),
  );
  const foam = many(16, () =>
    ellipse(
      x(random.between(0.6, 0.9)),
      height - random.between(0, 0.3) * (height - top),
      unit * random.between(2, 7),
      unit * random.between(0.2, 0.5),
      lighter(palette.low, 0.4),
      'fill-opacity="0.5"',
    ),
  );
  return { ground: () => top + unit * 1.2, before: foam + rock + faces + turf };
}

/** Sand, surf and the sea beyond. */
export function beach(stage: Stage): Place {
  const { horizon, height, width, unit, palette, time, random } = stage;
  const room = height - horizon;
  const island = random.chance(0.6)
    ? join(lines(stage, 'hills', [{ level: horizon + unit, swing: unit * 4.5, nearness: 0.3 }]))
    : '';
  const sand = mix('#f1d7a2', palette.near, { day: 0, dawn: 0.2, sunset: 0.38, night: 0.62 }[time]);
  const tilt = random.between(-0.12, 0.12);
  const at = (x: number): number =>
    horizon + room * (0.62 + tilt * (x / width - 0.5) * 2) + Math.sin((x / width) * 5 + tilt * 30) * unit * 2;
  const line = (down: number): string =>
    Array.from(
      { length: 41 },
      (_, index) =>
        path`L${(width * index) / 40} ${at((width * index) / 40) + down * unit + Math.sin(index * 0.9) * unit * 0.3}`,
    ).join('');
  const strip = (down: number, fill: string, more = ''): string =>
    shape(path`M0 ${height}${line(down)}L${width} ${height}z`, fill, more);
  const shore =
    strip(-3.4, lighter(palette.low, 0.5), 'fill-opacity="0.35"') +
    strip(-1.4, '#ffffff', `fill-opacity="${time === 'night' ? 0.35 : 0.75}"`) +
    strip(-0.5, darker(sand, 0.22)) +
    strip(
      1.6,
      stage.gradient('down', [
        [0, sand],
        [1, darker(sand, 0.15)],
      ]),
    );
  const dots = many(70, () =>
    ellipse(
      random.between(0, width),
      random.between(at(width / 2) + unit * 5, height),
      unit * random.between(0.15, 0.5),
      unit * 0.14,
      darker(sand, 0.25),
      'fill-opacity="0.6"',
    ),
  );
  return {
    behind: water(stage, horizon, island),
    surface: horizon + room * 0.2,
    ground: (x) => at(x) + unit * 7,
    before: shore + dots,
  };
}

/** A skyline, by the water or behind a park. */
export function city(stage: Stage): Place {
  const { horizon, height, width, unit, palette, idea, random } = stage;
  const room = height - horizon;
  if (idea.water || random.chance(0.7)) {
    const level = horizon + room * 0.22;
    const shore = skyline(stage, level) + rectangle(0, level - unit * 0.5, width, unit, darker(palette.near, 0.15));
    const near = needsLand(stage) ? bank(stage, 0.88) : { ground: () => height * 0.95, before: '' };
    return {
      behind: water(stage, level + unit * 0.5, shore) + columns(stage, level + unit),
      surface: level + room * 0.2,
      ...near,
    };
  }
  const near = lines(stage, 'hills', [{ level: height - unit * 13, swing: unit * 3, nearness: 1 }]);
  const park = pines(stage, near[0]!.at, { nearness: 0.92, tall: 6, dense: 0.9 }) + near[0]!.svg;
  return { behind: skyline(stage, height - unit * 8), ground: (x) => near[0]!.at(x) + unit, before: park };
}

/** Lights of the far bank drawn out on the water. */
function columns(stage: Stage, level: number): string {
  if (stage.time === 'day') return '';
  const { width, unit, random, palette } = stage;
  const fill = stage.gradient('down', [
    [0, stage.time === 'night' ? palette.accent : '#ffe0a0', 0.5],
    [1, palette.accent, 0],
  ]);
  return many(Math.min(90, width / unit / 1.6), () =>
    rectangle(
      random.between(0, width),
      level,
      unit * random.between(0.2, 0.6),
      unit * random.between(3, 15),
      fill,
      `fill-opacity="${round(random.between(0.3, 0.9))}"`,
    ),
  );
}
