import { type Colour, darker, lighter, mix } from './colour.js';
import { inLight, lamps, type Painter, spill } from './light.js';
import { circle, many, path, rectangle, round, shape, type Stage } from './stage.js';

export const house: Painter = (stage, x, y, tall) => {
  const { palette, idea } = stage;
  const wall = inLight(stage, '#f3e6d2');
  const side = darker(wall, 0.22);
  const top =
    idea.season === 'winter'
      ? inLight(stage, '#f4f8fc')
      : inLight(stage, palette.dark || stage.time === 'sunset' ? '#8c3b3b' : palette.accent);
  const [front, depth, eaves] = [tall * 0.62, tall * 0.6, tall * 0.46];
  const left = x - (front + depth) / 2;
  const window = (wx: number, wy: number, size: number): string =>
    rectangle(wx, wy, size, size * 1.15, darker(wall, 0.55)) +
    rectangle(wx + size * 0.1, wy + size * 0.1, size * 0.8, size * 0.95, lamps(stage)) +
    rectangle(wx + size * 0.46, wy, size * 0.08, size * 1.15, darker(wall, 0.5)) +
    rectangle(wx, wy + size * 0.52, size, size * 0.08, darker(wall, 0.5));
  const smoke = many(6, (puff) =>
    circle(
      left + front + depth * 0.62 + tall * 0.05 * puff * Math.sin(puff),
      y - tall * (1.1 + puff * 0.1),
      tall * (0.035 + puff * 0.014),
      lighter(palette.low, 0.3),
      `fill-opacity="${round(0.5 - puff * 0.07)}"`,
    ),
  );
  return [
    smoke,
    rectangle(left + front + depth * 0.55, y - tall * 1.04, tall * 0.1, tall * 0.34, darker(side, 0.2)),
    shape(
      path`M${left} ${y + tall * 0.04}V${y - eaves}L${left + front / 2} ${y - tall * 0.92}L${left + front} ${y - eaves}V${y + tall * 0.04}z`,
      wall,
    ),
    rectangle(left + front, y - eaves, depth, eaves + tall * 0.04, side),
    shape(
      path`M${left + front / 2} ${y - tall * 0.97}h${depth + tall * 0.03}l${front / 2 + tall * 0.06} ${tall * 0.55}h${-depth - tall * 0.02}z`,
      top,
    ),
    shape(
      path`M${left + front / 2} ${y - tall * 0.97}l${-front / 2 - tall * 0.07} ${tall * 0.54}l${tall * 0.05} ${tall * 0.03}l${front / 2 + tall * 0.02} ${-tall * 0.47}l${front / 2 + tall * 0.03} ${tall * 0.47}l${tall * 0.05} ${-tall * 0.02}z`,
      darker(top, 0.15),
    ),
    spill(stage, left + front / 2, y - tall * 0.4, tall * 0.55),
    window(left + front * 0.6, y - tall * 0.36, tall * 0.14),
    window(left + front * 0.41, y - tall * 0.68, tall * 0.11),
    rectangle(left + front * 0.18, y - tall * 0.34, tall * 0.15, tall * 0.38, darker(top, 0.4)),
    window(left + front + depth * 0.2, y - tall * 0.34, tall * 0.13),
    window(left + front + depth * 0.6, y - tall * 0.34, tall * 0.13),
  ].join('');
};

export const castle: Painter = (stage, x, y, tall) => {
  const stone = mix(inLight(stage, '#d9cfc4'), stage.palette.land, 0.2);
  const cap = inLight(stage, stage.time === 'day' ? stage.palette.accent : '#7d4f8f');
  const tower = (across: number, up: number, wide: number, shadow: number): string =>
    castleTower(stage, {
      x: x + tall * across,
      y,
      up: tall * up,
      across: tall * wide,
      foot: tall * 0.06,
      stone,
      cap,
      shadow,
    });
  const wall = tall * 0.26;
  return [
    tower(-0.13, 0.62, 0.13, 0.12),
    tower(0.15, 0.54, 0.13, 0.12),
    rectangle(x - tall * 0.42, y - wall, tall * 0.84, wall + tall * 0.06, darker(stone, 0.08)),
    many(11, (notch) =>
      rectangle(
        x - tall * 0.42 + notch * tall * 0.0775,
        y - wall - tall * 0.03,
        tall * 0.045,
        tall * 0.04,
        darker(stone, 0.08),
      ),
    ),
    tower(-0.42, 0.42, 0.14, 0.04),
    tower(0.42, 0.38, 0.14, 0.1),
    tower(0.01, 0.72, 0.17, 0),
    shape(
      path`M${x - tall * 0.06} ${y + tall * 0.06}V${y - tall * 0.1}a${tall * 0.06} ${tall * 0.07} 0 0 1 ${tall * 0.12} 0V${y + tall * 0.06}z`,
      darker(stone, 0.7),
    ),
  ].join('');
};

interface CastleTower {
  /** The middle of its foot. */
  x: number;
  y: number;
  up: number;
  across: number;
  /** How far it goes into the ground. */
  foot: number;
  stone: Colour;
  cap: Colour;
  /** 0 to 1. */
  shadow: number;
}

/** A tower with battlements, a pointed roof, a flag and two windows. */
function castleTower(stage: Stage, { x, y, up, across, foot, stone, cap, shadow }: CastleTower): string {
  const [left, top] = [x - across / 2, y - up];
  const colour = darker(stone, shadow);
  const notches = many(4, (notch) =>
    rectangle(left - across * 0.1 + notch * across * 0.32, top - across * 0.16, across * 0.22, across * 0.2, colour),
  );
  return (
    rectangle(left, top, across, up + foot, colour) +
    rectangle(left + across * 0.62, top, across * 0.38, up + foot, darker(colour, 0.25), 'fill-opacity="0.5"') +
    rectangle(left - across * 0.1, top, across * 1.2, across * 0.22, colour) +
    notches +
    shape(
      path`M${left - across * 0.14} ${top - across * 0.05}L${left + across / 2} ${top - across * 1.5}L${left + across * 1.14} ${top - across * 0.05}z`,
      darker(cap, shadow * 0.6),
    ) +
    `<path d="${path`M${left + across / 2} ${top - across * 1.45}v${-across * 0.5}`}" stroke="${darker(stone, 0.6)}" stroke-width="${round(across * 0.05)}"/>` +
    shape(
      path`M${left + across / 2} ${top - across * 1.95}l${across * 0.5} ${across * 0.14}l${-across * 0.5} ${across * 0.16}z`,
      stage.palette.accent,
    ) +
    rectangle(
      left + across * 0.4,
      top + across * 0.5,
      across * 0.22,
      across * 0.42,
      lamps(stage),
      `rx="${round(across * 0.1)}"`,
    ) +
    rectangle(
      left + across * 0.4,
      top + across * 1.5,
      across * 0.2,
      across * 0.4,
      stage.time === 'day' ? darker(colour, 0.5) : lamps(stage),
      `rx="${round(across * 0.1)}"`,
    )
  );
}

export const windmill: Painter = (stage, x, y, tall) => {
  const body = inLight(stage, '#efe4d2');
  const top = inLight(stage, '#8a4b3a');
  const [hubX, hubY, long] = [x, y - tall * 0.72, tall * 0.44];
  const turn = stage.random.between(8, 70);
  const sails = many(
    4,
    (index) =>
      `<g transform="translate(${round(hubX)} ${round(hubY)}) rotate(${round(turn + index * 90)})">${rectangle(-tall * 0.008, -long, tall * 0.016, long, darker(top, 0.4))}${rectangle(tall * 0.008, -long, tall * 0.085, long * 0.78, lighter(body, 0.2), 'fill-opacity="0.9"')}${many(6, (bar) => rectangle(tall * 0.008, -long + bar * long * 0.15, tall * 0.085, tall * 0.006, darker(top, 0.3)))}</g>`,
  );
  return (
    shape(
      path`M${x - tall * 0.16} ${y + tall * 0.05}L${x - tall * 0.095} ${y - tall * 0.68}h${tall * 0.19}L${x + tall * 0.16} ${y + tall * 0.05}z`,
      body,
    ) +
    shape(
      path`M${x + tall * 0.04} ${y + tall * 0.05}L${x + tall * 0.02} ${y - tall * 0.68}h${tall * 0.075}L${x + tall * 0.16} ${y + tall * 0.05}z`,
      darker(body, 0.3),
      'fill-opacity="0.5"',
    ) +
    shape(path`M${x - tall * 0.11} ${y - tall * 0.67}q${tall * 0.11} ${-tall * 0.22} ${tall * 0.22} 0z`, top) +
    rectangle(x - tall * 0.035, y - tall * 0.12, tall * 0.07, tall * 0.17, darker(top, 0.35)) +
    rectangle(x - tall * 0.025, y - tall * 0.42, tall * 0.05, tall * 0.07, lamps(stage)) +
    sails +
    circle(hubX, hubY, tall * 0.022, darker(top, 0.5))
  );
};

export const pyramid: Painter = (stage, x, y, tall) => {
  const stone = mix(stage.palette.land, '#f0c987', 0.45);
  const one = (dx: number, size: number): string =>
    shape(
      path`M${x + dx - size * 0.85} ${y + size * 0.1}L${x + dx} ${y - size}L${x + dx + size * 0.25} ${y + size * 0.12}z`,
      lighter(stone, 0.2),
    ) +
    shape(
      path`M${x + dx} ${y - size}L${x + dx + size * 0.25} ${y + size * 0.12}L${x + dx + size * 0.9} ${y + size * 0.1}z`,
      darker(stone, 0.4),
    );
  return one(tall * 1.05, tall * 0.62) + one(-tall * 0.2, tall);
};
