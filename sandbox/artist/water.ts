import { darker, lighter, mix } from './colour.js';
import { type Stage, ellipse, many, path, rectangle, round, shape } from './stage.js';

/**
 * The `shore`, and below it water from a line down to the lower edge:
 * the sky and the shore upside down, light on the waves.
 */
export function water(stage: Stage, level: number, shore: string, bottom = stage.height): string {
  const { width, unit, palette, random } = stage;
  const deep = mix(darker(palette.top, 0.25), palette.near, 0.3);
  const fill = stage.gradient('down', [
    [0, mix(palette.low, palette.middle, 0.35)],
    [0.3, mix(palette.middle, palette.top, 0.35)],
    [1, deep],
  ]);
  const depth = bottom - level;
  const id = `w${round(level)}`;
  const mirrored = shore
    ? `<clipPath id="${id}"><rect x="0" y="${round(level)}" width="${width}" height="${round(depth)}"/></clipPath><g clip-path="url(#${id})" opacity="0.42"><g transform="translate(0 ${round(level * 1.72)}) scale(1 -0.72)"><use href="#s${id}"/></g></g>`
    : '';
  const veil = stage.gradient('down', [
    [0, deep, 0],
    [0.45, deep, 0.35],
    [1, deep, 0.75],
  ]);
  const ripples = many(Math.min(150, (width / unit) * 1.3), () => {
    const part = random.between(0, 1) ** 1.6;
    return ellipse(
      random.between(0, width),
      level + part * depth,
      unit * (2 + part * 13) * random.between(0.5, 1.2),
      unit * (0.08 + part * 0.32),
      random.chance(0.6) ? lighter(palette.low, 0.25) : deep,
      `fill-opacity="${round(random.between(0.1, 0.32))}"`,
    );
  });
  return (
    `<g id="s${id}">${shore}</g>` +
    rectangle(0, level, width, depth + 1, fill) +
    mirrored +
    rectangle(0, level, width, depth + 1, veil) +
    ripples +
    glitter(stage, level, depth)
  );
}

/** The path of sun or moon across the water. */
function glitter(stage: Stage, level: number, depth: number): string {
  const { lamp, unit, palette, random, idea } = stage;
  if (idea.weather.has('storm')) return '';
  return many(60, (index) => {
    const part = (index / 60) ** 1.5;
    const wide = unit * (1.5 + part * 9) * random.between(0.3, 1.3);
    return ellipse(
      lamp.x + random.between(-1, 1) * unit * (1.2 + part * 7),
      level + part * depth * 0.94 + unit * 0.3,
      wide,
      unit * (0.14 + part * 0.34),
      palette.light,
      `fill-opacity="${round(0.85 - part * 0.6)}"`,
    );
  });
}

/** Waves that come towards the viewer, each line larger than the one behind. */
export function swell(stage: Stage, level: number, rough: boolean): string {
  const { width, height, unit, palette, random } = stage;
  const rows = rough ? 7 : 5;
  return many(rows, (row) => {
    const part = (row + 1) / rows;
    const y = level + (height - level) * (0.1 + part * 0.8);
    const long = unit * (10 + part * 26) * (rough ? 1.1 : 1);
    const tall = unit * (0.5 + part * 2) * (rough ? 2 : 0.8);
    const colour = mix(mix(palette.middle, palette.top, 0.6), darker(palette.top, 0.55), part);
    const crest = mix(colour, lighter(palette.low, 0.3), rough ? 0.55 : 0.4);
    let data = path`M${-long * random.between(0.1, 1)} ${y}`;
    for (let x = -long; x < width + long; x += long)
      data += path`q${long * 0.3} ${-tall * 1.6} ${long * 0.56} ${-tall}q${long * 0.2} ${tall * 0.5} ${long * 0.44} ${tall}`;
    return shape(
      `${data}V${height}H0z`,
      stage.gradient('down', [
        [0, crest, 0.85],
        [0.3, colour, 0.85],
        [1, colour, 0.9],
      ]),
    );
  });
}
