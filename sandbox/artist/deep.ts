import { type Colour, darker, lighter, mix } from './colour.js';
import { fish } from './creatures.js';
import { type Stage, circle, ellipse, many, path, rectangle, round, shape } from './stage.js';

/** Below the surface: rays of light, a reef, fish. */
export function underwater(stage: Stage): string {
  const { width, height, idea } = stage;
  const tint = (idea.tint ?? '#1f8fb3') as Colour;
  const [bright, deep] = [lighter(mix('#4fd0d8', tint, 0.3), 0.25), darker(mix('#0a3a66', tint, 0.25), 0.45)];
  const back = rectangle(
    0,
    0,
    width,
    height,
    stage.gradient('down', [
      [0, bright],
      [0.45, mix(bright, deep, 0.5)],
      [1, deep],
    ]),
  );
  const light = rays(stage);
  const [far, middle, near] = floors(stage, bright, deep);
  const distant = swarm(stage, mix(deep, bright, 0.25));
  return back + light + distant + far + middle + shoal(stage) + near + bubbles(stage);
}

function rays({ width, height, unit, random, gradient }: Stage): string {
  const ray = gradient('down', [
    [0, '#ffffff', 0.32],
    [1, '#ffffff', 0],
  ]);
  return many(9, () => {
    const [x, wide, lean] = [
      random.between(-0.1, 1.1) * width,
      unit * random.between(3, 10),
      unit * random.between(8, 24),
    ];
    return shape(path`M${x} ${-unit}h${wide}l${lean + wide} ${height * random.between(0.6, 0.9)}h${-wide * 2.2}z`, ray);
  });
}

/** Three stretches of the ground with their reefs, from the back to the front. */
function floors(stage: Stage, bright: Colour, deep: Colour): string[] {
  const { width, height, unit, random } = stage;
  return [0.76, 0.85, 0.94].map((level, row) => {
    const colour = mix(mix(deep, bright, 0.35 - row * 0.1), '#0a1d33', row * 0.3);
    const phase = random.between(0, 6);
    const points = many(
      41,
      (index) =>
        path`L${(width * index) / 40} ${height * level + Math.sin(index * 0.35 + phase) * unit * 3 + Math.sin(index * 0.9) * unit}`,
    );
    return reef(stage, height * (level + 0.04), row) + shape(path`M0 ${height}${points}L${width} ${height}z`, colour);
  });
}

/** Small fish far away. */
function swarm({ width, height, unit, random }: Stage, colour: Colour): string {
  return many(26, () =>
    ellipse(
      width * 0.5 + random.between(-1, 1) * width * 0.32,
      height * 0.4 + random.between(-1, 1) * height * 0.14,
      unit * 1.1,
      unit * 0.42,
      colour,
      'fill-opacity="0.8"',
    ),
  );
}

/** Fish near by, the first of them large. */
function shoal(stage: Stage): string {
  const { width, height, unit, random } = stage;
  return many(Math.min(12, 4 + width / unit / 22), (index) =>
    fish(
      stage,
      random.between(0.08, 0.92) * width,
      random.between(0.25, 0.78) * height,
      unit * (index === 0 ? 26 : random.between(6, 15)),
    ),
  );
}

function bubbles({ width, height, unit, random }: Stage): string {
  return many(34, () =>
    bubble(random.between(0, width), random.between(0.05, 0.9) * height, unit * random.between(0.3, 1.5)),
  );
}

function bubble(x: number, y: number, radius: number): string {
  return (
    circle(x, y, radius, '#ffffff', 'fill-opacity="0.16" stroke="#ffffff" stroke-opacity="0.5" stroke-width="0.8"') +
    circle(x - radius * 0.3, y - radius * 0.3, radius * 0.25, '#ffffff', 'fill-opacity="0.8"')
  );
}

/** Corals and weed that grow from a line. */
function reef(stage: Stage, level: number, row: number): string {
  const { width, unit, random } = stage;
  const tones = ['#ff6f91', '#ff9671', '#ffc75f', '#c77dff', '#4dd6b0'] as const;
  return many(Math.min(22, width / unit / 7), () => {
    const x = random.between(0, width);
    const colour = mix(random.pick(tones), '#0f3c5e', 0.55 - row * 0.2);
    const tall = unit * random.between(6, 15) * (0.7 + row * 0.25);
    if (random.chance(0.4)) {
      const weed = many(
        4,
        (blade) =>
          path`M${x + blade * unit * 1.1} ${level + unit * 3}c${-unit * 2} ${-tall * 0.5} ${unit * 3} ${-tall * 0.7} ${unit * random.between(-1, 1)} ${-tall * 1.5}`,
      );
      return `<path d="${weed}" fill="none" stroke="${mix('#2f9e77', '#0f3c5e', 0.5 - row * 0.15)}" stroke-width="${round(unit * 0.7)}" stroke-linecap="round"/>`;
    }
    if (random.chance(0.5))
      return many(9, () =>
        circle(
          x + random.between(-0.4, 0.4) * tall,
          level - random.between(-0.1, 0.45) * tall,
          tall * random.between(0.1, 0.2),
          random.chance(0.5) ? colour : lighter(colour, 0.12),
        ),
      );
    const branches = many(
      6,
      (index) =>
        path`M${x} ${level + unit * 3}Q${x + (index - 2.5) * tall * 0.06} ${level - tall * 0.4} ${x + (index - 2.5) * tall * 0.2} ${level - tall * random.between(0.6, 1)}`,
    );
    return `<path d="${branches}" fill="none" stroke="${colour}" stroke-width="${round(unit * 1.2)}" stroke-linecap="round"/>`;
  });
}
