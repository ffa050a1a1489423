import { darker, mix } from './colour.js';
import { inLight, lamps, type Painter } from './light.js';
import { circle, ellipse, many, path, rectangle, round, shape, type Stage } from './stage.js';

export const lighthouse: Painter = (stage, x, y, tall) => {
  const beams = stage.time === 'day' ? '' : beam(stage, x, y, tall, -1) + beam(stage, x, y, tall, 1);
  return beams + tower(stage, x, y, tall) + lantern(stage, x, y, tall) + doorAndWindow(stage, x, y, tall);
};

/** Half the width of the tower at its foot, and at its top. */
const [footWidth, topWidth] = [0.13, 0.082];

/** How high the lamp is above the foot. */
const lampHeight = 0.855;

/** Light that reaches far to one side: -1 or 1. */
function beam(stage: Stage, x: number, y: number, tall: number, side: -1 | 1): string {
  const lamp = y - tall * lampHeight;
  const reach = Math.max(stage.width * 0.7, tall * 2);
  const [left, right] = side > 0 ? [0.75, 0] : [0, 0.75];
  const light = stage.gradient('across', [
    [0, '#fff3c4', left],
    [1, '#fff3c4', right],
  ]);
  return shape(
    path`M${x} ${lamp - tall * 0.01}L${x + side * reach} ${lamp - tall * 0.26}V${lamp + tall * 0.08}L${x} ${lamp + tall * 0.01}z`,
    light,
  );
}

/** White with three red stripes, in the shade on one side. */
const tower: Painter = (stage, x, y, tall) => {
  const [wide, slim] = [tall * footWidth, tall * topWidth];
  const red = inLight(stage, '#d8403c');
  const at = (part: number): number => wide + (slim - wide) * part;
  const stripe = (from: number, to: number): string =>
    shape(
      path`M${x - at(from)} ${y - tall * 0.78 * from}L${x - at(to)} ${y - tall * 0.78 * to}H${x + at(to)}L${x + at(from)} ${y - tall * 0.78 * from}z`,
      red,
    );
  const body = shape(
    path`M${x - wide} ${y + tall * 0.06}L${x - wide} ${y}L${x - slim} ${y - tall * 0.78}H${x + slim}L${x + wide} ${y}V${y + tall * 0.06}z`,
    inLight(stage, '#fbf6ec'),
  );
  const shade = shape(
    path`M${x + wide * 0.3} ${y + tall * 0.06}L${x + slim * 0.3} ${y - tall * 0.78}H${x + slim}L${x + wide} ${y}V${y + tall * 0.06}z`,
    darker(stage.palette.near, 0.1),
    'fill-opacity="0.28"',
  );
  return body + stripe(0.14, 0.32) + stripe(0.5, 0.67) + stripe(0.84, 1) + shade;
};

/** The gallery, and the lamp behind glass under its roof. */
const lantern: Painter = (stage, x, y, tall) => {
  const slim = tall * topWidth;
  const red = inLight(stage, '#d8403c');
  const glow = stage.gradient('round', [
    [0, '#fff6cf', 0.95],
    [0.3, '#ffe9a8', 0.4],
    [1, '#ffe9a8', 0],
  ]);
  const bars = [-0.75, 0, 0.65].map((part) =>
    rectangle(x + slim * part, y - tall * 0.9, slim * 0.1, tall * 0.1, darker(red, 0.5)),
  );
  return [
    rectangle(x - slim * 1.5, y - tall * 0.8, slim * 3, tall * 0.025, darker(red, 0.5)),
    rectangle(x - slim * 0.75, y - tall * 0.9, slim * 1.5, tall * 0.1, '#ffe9a8'),
    circle(x, y - tall * lampHeight, tall * 0.16, glow),
    ...bars,
    shape(path`M${x - slim} ${y - tall * 0.9}q${slim} ${-tall * 0.1} ${slim * 2} 0z`, darker(red, 0.15)),
    rectangle(x - tall * 0.005, y - tall, tall * 0.01, tall * 0.06, darker(red, 0.4)),
  ].join('');
};

const doorAndWindow: Painter = (stage, x, y, tall) => {
  const [wide, slim] = [tall * footWidth, tall * topWidth];
  const door = darker(inLight(stage, '#d8403c'), 0.45);
  return (
    rectangle(x - wide * 0.22, y - tall * 0.1, wide * 0.44, tall * 0.14, door, `rx="${round(wide * 0.2)}"`) +
    rectangle(x - slim * 0.2, y - tall * 0.46, slim * 0.4, tall * 0.05, lamps(stage))
  );
};

export const bridge: Painter = (stage, _x, y, tall) => {
  const { width, palette } = stage;
  const colour = mix(inLight(stage, '#c8483a'), palette.near, 0.15);
  const deck = y - tall * 0.26;
  const posts = [width * 0.24, width * 0.76];
  const [left = 0, right = 0] = posts;
  const line = (data: string, thick: number): string =>
    `<path d="${data}" fill="none" stroke="${colour}" stroke-width="${round(Math.max(0.5, tall * thick))}"/>`;
  const sag = (part: number): number => y - tall + tall * 0.7 * (1 - (2 * part - 1) ** 2);
  const hangers = many(40, (index) => path`M${left + ((right - left) * index) / 40} ${sag(index / 40)}V${deck}`);
  const outer = many(
    12,
    (index) =>
      path`M${(left * index) / 12} ${deck - (tall * 0.74 * index) / 12}V${deck}M${width - (left * index) / 12} ${deck - (tall * 0.74 * index) / 12}V${deck}`,
  );
  const cable = Array.from(
    { length: 31 },
    (_, index) => path`${index ? 'L' : 'M'}${left + ((right - left) * index) / 30} ${sag(index / 30)}`,
  ).join('');
  const pillars = posts
    .map(
      (post) =>
        rectangle(post - tall * 0.045, y - tall * 1.02, tall * 0.03, tall * 1.1, colour) +
        rectangle(post + tall * 0.015, y - tall * 1.02, tall * 0.03, tall * 1.1, darker(colour, 0.2)) +
        [0.1, 0.34, 0.56]
          .map((part) => rectangle(post - tall * 0.045, y - tall * (1.02 - part), tall * 0.09, tall * 0.035, colour))
          .join(''),
    )
    .join('');
  return (
    line(hangers + outer, 0.004) +
    line(cable + path`M0 ${deck}L${left} ${y - tall}M${width} ${deck}L${right} ${y - tall}`, 0.014) +
    pillars +
    rectangle(0, deck, width, tall * 0.045, colour) +
    rectangle(0, deck + tall * 0.03, width, tall * 0.025, darker(colour, 0.35)) +
    (stage.time === 'day'
      ? ''
      : many(24, (index) =>
          ellipse((width * (index + 0.5)) / 24, deck - tall * 0.01, tall * 0.009, tall * 0.009, '#ffe7a8'),
        ))
  );
};
