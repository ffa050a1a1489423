import { mix } from './colour.js';
import { bank, join, last, lines, type Place } from './place.js';
import { flowers, grass, pines } from './plants.js';
import { beach, city, lake, sea } from './shores.js';
import { many, path, shape, type Stage } from './stage.js';
import { landColour, ridge, type Ridge } from './terrain.js';
import { water } from './water.js';

function hills(stage: Stage): Place {
  const { horizon, height, unit, idea, random } = stage;
  const room = height - horizon;
  const far = lines(stage, random.chance(0.5) ? 'peaks' : 'hills', [
    { level: horizon - unit * 5, swing: unit * 8, nearness: 0.12, snowy: true },
  ]);
  const rows = lines(stage, 'hills', [
    { level: horizon + room * 0.04, swing: unit * 5, nearness: 0.26 },
    { level: horizon + room * 0.17, swing: unit * 5, nearness: 0.42 },
    { level: horizon + room * 0.34, swing: unit * 5, nearness: 0.58 },
    { level: horizon + room * 0.55, swing: unit * 4, nearness: 0.74 },
  ]);
  const front = lines(stage, 'hills', [{ level: horizon + room * 0.82, swing: unit * 3, nearness: 1 }]);
  const trees =
    pines(stage, rows[1]!.at, { nearness: 0.46, tall: 5, dense: 0.5 }) +
    pines(stage, rows[2]!.at, { nearness: 0.62, tall: 8, dense: 0.28 });
  const behind = join(far) + rows[0]!.svg + rows[1]!.svg + trees + rows[2]!.svg + rows[3]!.svg;
  const bloom =
    idea.season === 'winter'
      ? ''
      : idea.things.includes('flowers') || idea.season === 'spring'
        ? flowers(stage, horizon + room * 0.72)
        : '';
  return {
    behind,
    ground: rows[3]!.at,
    before: join(front) + grass(stage, last(front).at, landColour(stage, 1)) + bloom,
  };
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
  const behind =
    join(rows) +
    wooded +
    near[0]!.svg +
    pines(stage, near[0]!.at, { nearness: 0.72, tall: 13, dense: 0.9 }) +
    near[1]!.svg;
  return { behind, ground: near[1]!.at, before: corner(stage) };
}

/** A few large pines that frame the image. */
function corner(stage: Stage): string {
  const { horizon, height, unit, width, random } = stage;
  const room = height - horizon;
  const near = ridge(stage, { form: 'hills', level: horizon + room * 0.9, swing: unit * 2.5, nearness: 1 });
  const middle = width * random.between(0.35, 0.65);
  return (
    near.svg +
    pines(stage, (x) => near.at(x) + unit * 2 + Math.max(0, unit * 26 - Math.abs(x - middle) * 0.5), {
      nearness: 1,
      tall: 25,
      dense: 0.75,
      keepFree: middle,
    }) +
    grass(stage, near.at, landColour(stage, 1))
  );
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
  const behind = rows
    .map(
      (row, index) =>
        pines(stage, row.at, {
          nearness: [0.2, 0.38, 0.56, 0.72][index] ?? 0.5,
          tall: [8, 12, 17, 22][index] ?? 12,
          dense: [1.6, 1.4, 1.1, 0.7][index] ?? 1,
          ...(index === 3 && { keepFree: clearing }),
        }) + row.svg,
    )
    .join('');
  const near = ridge(stage, { form: 'hills', level: horizon + room * 0.84, swing: unit * 2.5, nearness: 1 });
  const frame = pines(stage, (x) => near.at(x) + unit * 3 + Math.max(0, unit * 40 - Math.abs(x - clearing) * 0.8), {
    nearness: 1,
    tall: 46,
    dense: 0.9,
    keepFree: clearing,
  });
  return {
    behind,
    ground: (x) => rows[3]!.at(x) + unit * 3,
    before: frame + near.svg + grass(stage, near.at, landColour(stage, 1)),
  };
}

function desert(stage: Stage): Place {
  const { horizon, height, unit, random } = stage;
  const room = height - horizon;
  const mesa = random.chance(0.5)
    ? join(lines(stage, 'peaks', [{ level: horizon, swing: unit * 7, nearness: 0.2 }]))
    : '';
  const rows = [0.08, 0.26, 0.48, 0.7].map((part, index) =>
    dune(stage, horizon + room * part, unit * (3.5 + index * 1.7), 0.32 + index * 0.17),
  );
  return {
    behind:
      mesa +
      rows
        .slice(0, 3)
        .map(({ svg }) => svg)
        .join(''),
    ground: rows[2]!.at,
    before: rows[3]!.svg,
  };
}

/** A dune with its shadow side: the crest runs down and forward from the highest place. */
function dune(stage: Stage, level: number, swing: number, nearness: number): Ridge {
  const { width, height, unit, palette, random } = stage;
  const land = ridge(stage, { form: 'hills', level, swing, nearness });
  const shade = mix(landColour(stage, nearness), mix(palette.near, palette.top, 0.4), 0.42);
  const step = Math.max(unit * 4, width / 150);
  const tops = Array.from({ length: Math.ceil(width / step) }, (_, index) => index * step).filter(
    (x) => land.at(x) < land.at(x - step) && land.at(x) <= land.at(x + step),
  );
  const sides = tops.slice(0, 30).map((x) => {
    const long = unit * random.between(34, 50);
    const edge = many(13, (step) => path`L${x + (long * step) / 12} ${land.at(x + (long * step) / 12)}`);
    return shape(
      path`M${x} ${land.at(x)}${edge}Q${x + long * 0.66} ${level + swing * 1.3} ${x + long * 0.3} ${Math.min(height, level + swing * 2.6)}Q${x + long * 0.34} ${level + swing * 0.8} ${x} ${land.at(x)}z`,
      stage.gradient('down', [
        [0, shade, 0.75],
        [1, shade, 0],
      ]),
    );
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
  return {
    behind,
    ground: (x) => field[0]!.at(x) + unit * 2,
    before: join(near) + flowers(stage, horizon + room * 0.36, idea.tint as '#ffffff' | undefined),
  };
}

/** The composition of every place on land or by the sea. */
export const places = { hills, mountains, forest, lake, sea, beach, desert, meadow, city };
