import { type Colour, darker, lighter, mix } from './colour.js';
import { landColour } from './terrain.js';
import { type Stage, circle, path, rectangle, round, shape } from './stage.js';

/** Rows of buildings, the far ones pale, the near ones with lit windows. Stands on `ground`. */
export function skyline(stage: Stage, ground: number): string {
  return [0.22, 0.5, 0.85]
    .map((nearness, row) =>
      blocks(stage, ground, { nearness, tall: [58, 46, 30][row] ?? 30, wide: [7, 8.5, 11][row] ?? 10 }),
    )
    .join('');
}

function blocks(
  stage: Stage,
  ground: number,
  { nearness, tall, wide }: { nearness: number; tall: number; wide: number },
): string {
  const { width, unit, random, palette } = stage;
  const base = mix(landColour(stage, nearness), mix(palette.top, palette.near, nearness), 0.6);
  const middle = width * random.between(0.3, 0.7);
  const room = ground * 0.86;
  let svg = '';
  for (let x = -random.between(0, wide) * unit; x < width;) {
    const across = unit * wide * stretch(stage) * random.between(0.7, 1.35);
    const centre = 1 - Math.min(1, Math.abs(x - middle) / (unit * 75));
    const up = Math.min(room, unit * tall * (0.42 + 0.58 * centre) * random.between(0.5, 1.15));
    svg += building(stage, {
      x,
      y: ground - up,
      across,
      up,
      colour: mix(base, palette.low, random.between(0, 0.12)),
      nearness,
    });
    x += across + (random.chance(0.2) ? unit * random.between(0.5, 2) : 0);
  }
  return svg;
}

/** In very long images everything is wider, so that their number stays within bounds. */
function stretch({ width, unit }: Stage): number {
  return Math.max(1, width / unit / 260);
}

interface Block {
  x: number;
  y: number;
  across: number;
  up: number;
  colour: Colour;
  nearness: number;
}

function building(stage: Stage, block: Block): string {
  const { unit, random, palette, lamp } = stage;
  const { x, y, across, up, colour, nearness } = block;
  const fill = stage.gradient('down', [
    [0, colour],
    [1, mix(colour, palette.low, 0.4 * (1 - nearness))],
  ]);
  const lit = rectangle(
    lamp.x < x ? x : x + across * 0.82,
    y,
    across * 0.18,
    up,
    lighter(colour, 0.3),
    'fill-opacity="0.35"',
  );
  return (
    roof(stage, block) +
    rectangle(x, y, across + 0.5, up + unit, fill) +
    lit +
    (nearness > 0.4 ? windows(stage, block) : '') +
    (random.chance(0.12) && nearness > 0.4 ? circle(x + across / 2, y - unit * 0.3, unit * 0.4, '#ff5a4f') : '')
  );
}

function roof({ unit, random }: Stage, { x, y, across, colour }: Block): string {
  const kind = random.integer(0, 6);
  const middle = x + across / 2;
  if (kind === 0)
    return (
      shape(
        path`M${middle - unit * 0.25} ${y}l${unit * 0.15} ${-unit * 7}h${unit * 0.2}l${unit * 0.15} ${unit * 7}z`,
        colour,
      ) + rectangle(x + across * 0.25, y - unit * 1.6, across * 0.5, unit * 1.8, colour)
    );
  if (kind === 1) return shape(path`M${x} ${y + 0.5}L${middle} ${y - across * 0.5}L${x + across} ${y + 0.5}z`, colour);
  if (kind === 2) return shape(path`M${x} ${y + 0.5}V${y - across * 0.4}L${x + across} ${y + 0.5}z`, colour);
  if (kind === 3)
    return (
      rectangle(x + across * 0.15, y - unit * 1.4, across * 0.7, unit * 1.6, colour) +
      rectangle(x + across * 0.32, y - unit * 2.6, across * 0.36, unit * 1.4, colour)
    );
  if (kind === 4) return shape(path`M${x} ${y + 0.5}a${across / 2} ${across / 2.6} 0 0 1 ${across} 0z`, colour);
  return '';
}

function windows(stage: Stage, { x, y, across, up, nearness, colour }: Block): string {
  const { unit, random, time, palette } = stage;
  const [cell, line] = [unit * (1.1 + nearness * 0.55) * stretch(stage), unit * (1.5 + nearness * 0.8)];
  const columns = Math.max(1, Math.floor((across - cell * 0.6) / cell));
  const rows = Math.min(26, Math.floor((up - line) / line));
  const glowing = { day: 0.04, dawn: 0.16, sunset: 0.34, night: 0.5 }[time];
  const margin = (across - columns * cell) / 2;
  let [warm, cool, dull] = ['', '', ''];
  for (let row = 0; row < rows; row += 1) {
    const floor = random.chance(0.15) ? 0.15 : 1;
    for (let column = 0; column < columns; column += 1) {
      const pane = path`M${x + margin + column * cell + cell * 0.2} ${y + line * (row + 0.7)}h${cell * 0.56}v${line * 0.52}h${-cell * 0.56}z`;
      if (!random.chance(glowing * floor)) dull += pane;
      else if (random.chance(0.82)) warm += pane;
      else cool += pane;
    }
  }
  return (
    shape(
      dull,
      time === 'day' || time === 'dawn' ? lighter(palette.middle, 0.15) : darker(colour, 0.3),
      'fill-opacity="0.4"',
    ) +
    shape(warm, time === 'night' ? palette.accent : '#ffe0a0', 'fill-opacity="0.92"') +
    shape(cool, '#cfe8ff', `fill-opacity="${round(0.8)}"`)
  );
}
