import { darker, lighter, mix } from './colour.js';
import { inLight, type Painter } from './light.js';
import { circle, ellipse, many, path, rectangle, round, shape } from './stage.js';

/** A sailing boat on the water line `y`. */
export const boat: Painter = (stage, x, y, tall) => {
  const { palette } = stage;
  const hull = darker(inLight(stage, '#7b3f2f'), 0.15);
  const sail = mix('#fffaf0', palette.low, stage.time === 'day' ? 0.08 : 0.45);
  const second = stage.time === 'night' ? mix(palette.accent, palette.middle, 0.45) : palette.accent;
  const shadow = ellipse(
    x,
    y + tall * 0.13,
    tall * 0.42,
    tall * 0.035,
    darker(palette.near, 0.2),
    'fill-opacity="0.45"',
  );
  const mirror = shape(
    path`M${x - tall * 0.02} ${y + tall * 0.14}L${x - tall * 0.02} ${y + tall * 0.62}L${x - tall * 0.3} ${y + tall * 0.16}z`,
    sail,
    'fill-opacity="0.22"',
  );
  return [
    mirror,
    shadow,
    rectangle(x - tall * 0.012, y - tall, tall * 0.024, tall, darker(hull, 0.3)),
    shape(
      path`M${x + tall * 0.03} ${y - tall * 0.97}C${x + tall * 0.3} ${y - tall * 0.62} ${x + tall * 0.42} ${y - tall * 0.3} ${x + tall * 0.44} ${y - tall * 0.08}Q${x + tall * 0.2} ${y - tall * 0.02} ${x + tall * 0.03} ${y - tall * 0.07}z`,
      sail,
    ),
    shape(
      path`M${x + tall * 0.03} ${y - tall * 0.97}C${x + tall * 0.14} ${y - tall * 0.6} ${x + tall * 0.16} ${y - tall * 0.3} ${x + tall * 0.12} ${y - tall * 0.05}L${x + tall * 0.03} ${y - tall * 0.07}z`,
      darker(sail, 0.12),
    ),
    shape(
      path`M${x - tall * 0.03} ${y - tall * 0.9}C${x - tall * 0.1} ${y - tall * 0.5} ${x - tall * 0.22} ${y - tall * 0.24} ${x - tall * 0.36} ${y - tall * 0.08}H${x - tall * 0.03}z`,
      second,
    ),
    shape(
      path`M${x - tall * 0.42} ${y - tall * 0.03}H${x + tall * 0.48}C${x + tall * 0.42} ${y + tall * 0.08} ${x + tall * 0.34} ${y + tall * 0.12} ${x + tall * 0.26} ${y + tall * 0.13}H${x - tall * 0.28}C${x - tall * 0.36} ${y + tall * 0.1} ${x - tall * 0.4} ${y + tall * 0.04} ${x - tall * 0.42} ${y - tall * 0.03}z`,
      hull,
    ),
    shape(
      path`M${x - tall * 0.42} ${y - tall * 0.03}H${x + tall * 0.48}l${-tall * 0.02} ${tall * 0.035}H${x - tall * 0.405}z`,
      lighter(hull, 0.55),
    ),
  ].join('');
};

/** A hot-air balloon whose basket hangs at `y`. */
export const balloon: Painter = (stage, x, y, tall) => {
  const { palette, time, random } = stage;
  const fade = time === 'night' ? 0.35 : 0;
  const tones = [
    palette.accent,
    '#fff3dc',
    random.pick(['#2a9d8f', '#3d7fe0', '#8a55d6', '#f4a261', '#e5484d'] as const),
  ].map((colour) => mix(colour as typeof palette.near, palette.near, fade));
  const [top, radius] = [y - tall, tall * 0.36];
  const gore = (from: number, to: number, fill: string): string =>
    shape(
      path`M${x} ${top}C${x + from * radius * 1.36} ${top} ${x + from * radius * 1.3} ${top + radius * 1.35} ${x + from * radius * 0.26} ${top + radius * 2.05}H${x + to * radius * 0.26}C${x + to * radius * 1.3} ${top + radius * 1.35} ${x + to * radius * 1.36} ${top} ${x} ${top}z`,
      fill,
    );
  const edges = [-1, -0.72, -0.38, 0, 0.38, 0.72, 1];
  const gores = edges
    .slice(0, -1)
    .map((from, index) => gore(from, edges[index + 1] ?? 1, tones[index % 3] ?? '#ffffff'))
    .join('');
  const shade = gore(0.2, 1, darker(palette.near, 0.1)).replace('/>', ' fill-opacity="0.2"/>');
  const glow =
    time === 'day'
      ? ''
      : circle(
          x,
          top + radius * 1.5,
          radius * 1.1,
          stage.gradient('round', [
            [0, '#ffd98a', 0.65],
            [1, '#ffb85c', 0],
          ]),
        );
  const ropes = `<path d="${path`M${x - radius * 0.24} ${top + radius * 2.04}L${x - tall * 0.05} ${y - tall * 0.1}M${x + radius * 0.24} ${top + radius * 2.04}L${x + tall * 0.05} ${y - tall * 0.1}`}" stroke="${darker(palette.near, 0.2)}" stroke-width="${round(Math.max(0.4, tall * 0.008))}"/>`;
  return (
    gores +
    shade +
    glow +
    ropes +
    rectangle(
      x - tall * 0.058,
      y - tall * 0.11,
      tall * 0.116,
      tall * 0.1,
      inLight(stage, '#8a5a3c'),
      `rx="${round(tall * 0.015)}"`,
    ) +
    rectangle(x - tall * 0.064, y - tall * 0.115, tall * 0.128, tall * 0.024, inLight(stage, '#c08a5a'))
  );
};

/** A rocket on its way up, flame and trail below `y`. */
export const rocket: Painter = (stage, x, y, tall) =>
  `<g transform="rotate(18 ${round(x)} ${round(y)})">${flame(stage, x, y, tall)}${hull(stage, x, y, tall)}</g>`;

const flame: Painter = (stage, x, y, tall) => {
  const wide = tall * 0.15;
  const trail = many(12, (puff) =>
    circle(
      x + Math.sin(puff * 2.1) * tall * 0.03 * puff * 0.6,
      y + tall * (0.32 + puff * 0.085),
      tall * (0.045 + puff * 0.014),
      lighter(stage.palette.low, 0.5),
      `fill-opacity="${round(0.5 - puff * 0.035)}"`,
    ),
  );
  const glow = stage.gradient('round', [
    [0, '#ffd27a', 0.65],
    [1, '#ff8a3c', 0],
  ]);
  return [
    trail,
    circle(x, y + tall * 0.1, tall * 0.36, glow),
    shape(
      path`M${x - wide * 0.5} ${y}Q${x - wide * 0.7} ${y + tall * 0.18} ${x} ${y + tall * 0.4}Q${x + wide * 0.7} ${y + tall * 0.18} ${x + wide * 0.5} ${y}z`,
      '#ff8a3c',
    ),
    shape(
      path`M${x - wide * 0.28} ${y}Q${x - wide * 0.35} ${y + tall * 0.12} ${x} ${y + tall * 0.24}Q${x + wide * 0.35} ${y + tall * 0.12} ${x + wide * 0.28} ${y}z`,
      '#ffe9a0',
    ),
  ].join('');
};

/** Fins, body with its shade, nose and window. */
const hull: Painter = (stage, x, y, tall) => {
  const wide = tall * 0.15;
  const [white, red, shade] = [mix('#f7f4ee', stage.palette.middle, 0.12), '#e5484d', '#8b93a8'];
  return [
    shape(
      path`M${x - wide * 0.8} ${y - tall * 0.26}L${x - wide * 1.9} ${y + tall * 0.06}L${x - wide * 0.6} ${y - tall * 0.02}zM${x + wide * 0.8} ${y - tall * 0.26}L${x + wide * 1.9} ${y + tall * 0.06}L${x + wide * 0.6} ${y - tall * 0.02}z`,
      red,
    ),
    shape(
      path`M${x} ${y - tall}C${x + wide * 1.3} ${y - tall * 0.7} ${x + wide * 1.15} ${y - tall * 0.25} ${x + wide * 0.6} ${y}H${x - wide * 0.6}C${x - wide * 1.15} ${y - tall * 0.25} ${x - wide * 1.3} ${y - tall * 0.7} ${x} ${y - tall}z`,
      white,
    ),
    shape(
      path`M${x} ${y - tall}C${x + wide * 1.3} ${y - tall * 0.7} ${x + wide * 1.15} ${y - tall * 0.25} ${x + wide * 0.6} ${y}H${x + wide * 0.1}C${x + wide * 0.7} ${y - tall * 0.3} ${x + wide * 0.6} ${y - tall * 0.7} ${x} ${y - tall}z`,
      shade,
      'fill-opacity="0.45"',
    ),
    shape(
      path`M${x} ${y - tall}q${wide * 0.62} ${tall * 0.12} ${wide * 0.86} ${tall * 0.26}h${-wide * 1.72}q${wide * 0.24} ${-tall * 0.14} ${wide * 0.86} ${-tall * 0.26}z`,
      red,
    ),
    circle(x, y - tall * 0.52, wide * 0.48, shade),
    circle(x, y - tall * 0.52, wide * 0.34, '#3e6f9e'),
    circle(x - wide * 0.1, y - tall * 0.54, wide * 0.1, '#cfe8ff'),
  ].join('');
};
