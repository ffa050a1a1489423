import { darker, lighter, mix } from './colour.js';
import { aurora, lightning, rainbow, stars } from './phenomena.js';
import { type Stage, circle, ellipse, many, path, rectangle, shape } from './stage.js';

/** Everything above the horizon, from the far end to the clouds. */
export function sky(stage: Stage): string {
  const { idea, time, random } = stage;
  const night = time === 'night';
  const covered = idea.weather.has('storm') || (idea.weather.has('rain') && !idea.weather.has('moon'));
  const cloudy = idea.weather.has('clouds') || covered || random.chance(night ? 0.35 : 0.75);
  return [
    backdrop(stage),
    night && !covered ? stars(stage) : '',
    idea.weather.has('aurora') ? aurora(stage) : '',
    covered ? '' : night ? moon(stage) : sun(stage),
    idea.weather.has('rainbow') ? rainbow(stage) : '',
    cloudy ? clouds(stage, covered) : '',
    idea.weather.has('storm') ? lightning(stage) : '',
  ].join('');
}

function backdrop(stage: Stage): string {
  const { width, height, horizon, palette } = stage;
  const share = horizon / height;
  const fill = stage.gradient('down', [
    [0, palette.top],
    [share * 0.58, palette.middle],
    [share, palette.low],
    [1, palette.low],
  ]);
  return rectangle(0, 0, width, height, fill);
}

function sun(stage: Stage): string {
  const { lamp, palette, unit, time } = stage;
  const glow = stage.gradient('round', [
    [0, palette.light, 0.85],
    [0.25, mix(palette.light, palette.low, 0.5), 0.45],
    [1, palette.low, 0],
  ]);
  const face =
    time === 'day'
      ? palette.light
      : stage.gradient('down', [
          [0, palette.light],
          [1, mix(palette.light, palette.accent, 0.45)],
        ]);
  const halo = [2.1, 1.5]
    .map((size) => circle(lamp.x, lamp.y, lamp.radius * size, palette.light, 'fill-opacity="0.12"'))
    .join('');
  return (
    circle(lamp.x, lamp.y, Math.max(lamp.radius * 5, unit * 42), glow) +
    halo +
    circle(lamp.x, lamp.y, lamp.radius, face)
  );
}

function moon(stage: Stage): string {
  const { lamp, palette, random } = stage;
  const glow = stage.gradient('round', [
    [0, palette.light, 0.5],
    [0.2, palette.light, 0.22],
    [1, palette.low, 0],
  ]);
  const face = stage.gradient('down', [
    [0, lighter(palette.light, 0.5)],
    [1, mix(palette.light, palette.low, 0.25)],
  ]);
  const { x, y, radius } = lamp;
  const disc = random.chance(0.35)
    ? shape(
        path`M${x + radius * 0.35} ${y - radius * 0.94}A${radius} ${radius} 0 1 0 ${x + radius * 0.94} ${y + radius * 0.35}A${radius * 0.86} ${radius * 0.86} 0 0 1 ${x + radius * 0.35} ${y - radius * 0.94}z`,
        face,
      )
    : circle(x, y, radius, face) +
      many(6, () => {
        const [turn, away, size] = [random.between(0, 6.28), random.between(0, 0.68), random.between(0.07, 0.2)];
        return circle(
          x + Math.cos(turn) * away * radius,
          y + Math.sin(turn) * away * radius,
          size * radius,
          mix(palette.light, palette.middle, 0.3),
          'fill-opacity="0.35"',
        );
      });
  return circle(x, y, radius * 6, glow) + disc;
}

function clouds(stage: Stage, heavy: boolean): string {
  const { width, horizon, unit, palette, random, time } = stage;
  const bright = {
    day: '#ffffff',
    dawn: lighter(palette.low, 0.3),
    sunset: lighter(palette.middle, 0.25),
    night: lighter(palette.middle, 0.16),
  }[time] as typeof palette.low;
  const lit = heavy ? mix(palette.middle, palette.low, 0.35) : bright;
  const under = heavy
    ? darker(palette.middle, 0.25)
    : mix(palette.middle, time === 'day' ? palette.top : palette.low, 0.35);
  const fill = stage.gradient('down', [
    [0, lit, 0.95],
    [0.7, mix(lit, under, 0.55), 0.8],
    [1, under, heavy ? 0.8 : 0.15],
  ]);
  const streak = stage.gradient('across', [
    [0, lit, 0],
    [0.5, lit, 0.55],
    [1, lit, 0],
  ]);
  const count = Math.min(36, Math.max(2, (width / unit / 100) * (heavy ? 9 : random.integer(2, 5))));
  const wisps = many(count + 2, () =>
    ellipse(
      random.between(0, width),
      random.between(horizon * 0.15, horizon * 0.9),
      unit * random.between(14, 40),
      unit * random.between(0.3, 0.9),
      streak,
    ),
  );
  const heaps = many(count, (index) => {
    const x = width * ((index + random.between(0.1, 0.9)) / count);
    const y = heavy ? horizon * random.between(0.06, 0.5) : horizon * random.between(0.18, 0.78);
    return cloud(
      stage,
      x,
      y,
      unit * (heavy ? random.between(30, 52) : random.between(9, 26) * (1.25 - y / horizon / 2)),
      fill,
    );
  });
  return wisps + heaps;
}

/** A heap of arcs over a flat base. */
function cloud({ random }: Stage, x: number, y: number, width: number, fill: string): string {
  const bumps = random.integer(5, 8);
  let data = path`M${x - width / 2} ${y}`;
  let [fromX, fromY] = [x - width / 2, y];
  for (let bump = 1; bump <= bumps; bump += 1) {
    const part = bump / bumps;
    const toX = x - width / 2 + width * part;
    const toY = bump === bumps ? y : y - width * 0.2 * Math.sin(Math.PI * part) ** 0.7 * random.between(0.7, 1.25);
    const radius = Math.hypot(toX - fromX, toY - fromY) * random.between(0.52, 0.66);
    data += path`A${radius} ${radius} 0 0 1 ${toX} ${toY}`;
    [fromX, fromY] = [toX, toY];
  }
  return shape(
    path`${data}q${width * 0.03} ${width * 0.05} ${-width * 0.08} ${width * 0.05}H${x - width / 2 + width * 0.06}q${-width * 0.12} 0 ${-width * 0.06} ${-width * 0.05}z`,
    fill,
  );
}
