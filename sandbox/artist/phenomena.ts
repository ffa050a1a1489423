import { lighter } from './colour.js';
import { circle, ellipse, many, path, round, shape, type Stage } from './stage.js';

/** Faint ones, fewer brighter ones, some with a glow, thicker along a band across the sky. */
export function stars(stage: Stage): string {
  const { width, horizon, unit, random, palette } = stage;
  const amount = Math.min(700, (width / unit) * 2.4);
  const tilt = random.between(-0.6, 0.6);
  const band = stage.gradient('round', [
    [0, lighter(palette.low, 0.35), 0.3],
    [0.6, palette.low, 0.12],
    [1, palette.low, 0],
  ]);
  const way = ellipse(
    width / 2,
    horizon * 0.42,
    width * 0.75,
    horizon * 0.2,
    band,
    `transform="rotate(${round(tilt * 40)} ${round(width / 2)} ${round(horizon * 0.42)})"`,
  );
  const dots = many(amount, (index) => {
    const x = random.between(0, width);
    const near = index % 3 === 0;
    const spread = random.between(-1, 1) * random.between(0, 1) * horizon * 0.22;
    const y = near
      ? horizon * 0.42 + (x - width / 2) * Math.tan(tilt * 0.7) + spread
      : random.between(0, horizon * 0.95);
    const size = random.chance(0.06) ? random.between(0.22, 0.36) : random.between(0.06, 0.18);
    return circle(
      x,
      y,
      Math.max(0.35, size * unit),
      random.chance(0.2) ? '#ffe2bd' : '#ffffff',
      `fill-opacity="${round(random.between(0.35, 1))}"`,
    );
  });
  const spark = stage.gradient('round', [
    [0, '#ffffff', 0.9],
    [0.2, '#ffffff', 0.3],
    [1, '#ffffff', 0],
  ]);
  const sparks = many(Math.min(12, width / unit / 14), () =>
    circle(random.between(0, width), random.between(0, horizon * 0.7), unit * random.between(0.8, 1.5), spark),
  );
  return way + dots + sparks;
}

/** Curtains of light in the polar night. */
export function aurora(stage: Stage): string {
  const { width, horizon, random } = stage;
  const colours = [
    ['#4dffb0', '#2fd3c9'],
    ['#7dffcf', '#8a6cff'],
    ['#5cf2a5', '#c86bff'],
  ] as const;
  return many(3, (index) => {
    const [base, tip] = colours[index % 3] ?? colours[0];
    const fill = stage.gradient('down', [
      [0, tip, 0],
      [0.45, tip, 0.2],
      [0.88, base, 0.5],
      [1, base, 0],
    ]);
    const [phase, level, reach] = [
      random.between(0, 6.28),
      horizon * random.between(0.45, 0.75),
      horizon * random.between(0.35, 0.6),
    ];
    const steps = 40;
    return many(steps, (step) => {
      const wave = (at: number): number =>
        level + Math.sin(at * 5 + phase) * horizon * 0.12 + Math.sin(at * 11 + phase * 2) * horizon * 0.04;
      const [from, to] = [step / steps, (step + 1) / steps];
      const rise = reach * (0.7 + 0.3 * Math.sin(step * 0.9 + phase * 3));
      return shape(
        path`M${from * width} ${wave(from)}L${to * width + 0.6} ${wave(to)}V${wave(to) - rise}H${from * width}z`,
        fill,
        `fill-opacity="${round(0.55 + 0.4 * Math.sin(step * 0.7 + phase))}"`,
      );
    });
  });
}

/** Six bands of a circle whose middle lies below the horizon. */
export function rainbow(stage: Stage): string {
  const { width, horizon, unit, random } = stage;
  const [x, radius] = [width * random.between(0.3, 0.7), Math.min(width * 0.45, horizon * 0.85)];
  return ['#e5484d', '#f59f3a', '#f7d94c', '#5fc26b', '#3f8fe0', '#7b5bd0']
    .map(
      (colour, index) =>
        `<circle cx="${round(x)}" cy="${round(horizon * 1.05)}" r="${round(radius - index * unit * 1.1)}" fill="none" stroke="${colour}" stroke-width="${round(unit * 1.2)}" stroke-opacity="0.42"/>`,
    )
    .join('');
}

/** A bolt from a lit cloud down to the horizon. */
export function lightning(stage: Stage): string {
  const { width, horizon, unit, random } = stage;
  let [x, y] = [width * random.between(0.2, 0.8), horizon * 0.3];
  const glow = stage.gradient('round', [
    [0, '#e9ecff', 0.75],
    [1, '#c9d0ff', 0],
  ]);
  let data = path`M${x} ${y}`;
  const start = x;
  while (y < horizon * 0.98) {
    x += random.between(-4, 4) * unit;
    y += random.between(2, 6) * unit;
    data += path`L${x} ${y}`;
  }
  const line = (thick: number, opacity: number): string =>
    `<path d="${data}" fill="none" stroke="#f6f4ff" stroke-width="${round(unit * thick)}" stroke-opacity="${opacity}" stroke-linejoin="round"/>`;
  return ellipse(start, horizon * 0.35, unit * 32, unit * 22, glow) + line(1.6, 0.2) + line(0.45, 1);
}
