import { type Colour, darker, lighter, mix } from './colour.js';
import { type Stage, circle, ellipse, many, path, rectangle, shape } from './stage.js';
import { landColour } from './terrain.js';

/** A row of pines along a line of land, as one silhouette. */
export function pines(
  stage: Stage,
  at: (x: number) => number,
  options: { nearness: number; tall: number; dense: number; keepFree?: number },
): string {
  const { width, unit, random, palette, idea } = stage;
  const step = (unit * options.tall * 0.3) / options.dense;
  const count = Math.min(120, Math.ceil(width / step) + 2);
  const nearest =
    idea.season === 'winter'
      ? mix(palette.land, palette.dark ? '#0a1220' : '#2d4a5c', 0.75)
      : landColour(stage, options.nearness);
  const colour = options.nearness > 0.9 ? darker(nearest, 0.25) : nearest;
  const fill = stage.gradient('down', [
    [0, lighter(colour, 0.05)],
    [1, darker(colour, 0.12)],
  ]);
  let [trees, snow] = ['', ''];
  for (let index = 0; index < count; index += 1) {
    const x = (index - 1) * step * (width / ((count - 2) * step)) + random.between(-0.5, 0.5) * step;
    const tall = unit * options.tall * random.between(0.55, 1.15);
    if (options.keepFree !== undefined && Math.abs(x - options.keepFree) < unit * 17) continue;
    trees += pine(x, at(x) + unit, tall);
    if (idea.season === 'winter' && options.nearness > 0.4)
      snow += path`M${x} ${at(x) + unit - tall}l${tall * 0.09} ${tall * 0.26}l${-tall * 0.06} ${-tall * 0.03}l${-tall * 0.05} ${tall * 0.05}l${-tall * 0.06} ${-tall * 0.05}z`;
  }
  return shape(trees, fill) + (snow ? shape(snow, '#f4f8fc', 'fill-opacity="0.8"') : '');
}

function pine(x: number, y: number, tall: number): string {
  const half = tall * 0.17;
  return path`M${x} ${y - tall}l${half * 0.5} ${tall * 0.3}h${-half * 0.16}l${half * 0.42} ${tall * 0.27}h${-half * 0.2}l${half * 0.44} ${tall * 0.31}h${-half * 0.82}v${tall * 0.12}h${-half * 0.36}v${-tall * 0.12}h${-half * 0.82}l${half * 0.44} ${-tall * 0.31}h${-half * 0.2}l${half * 0.42} ${-tall * 0.27}h${-half * 0.16}z`;
}

/** A broad tree with a crown of leaves, or blossom, in three tones. */
export function tree(stage: Stage, x: number, y: number, tall: number): string {
  const { random, palette, idea } = stage;
  const leaf = crownColour(stage);
  const trunk = darker(mix('#5b3a29', palette.near, 0.45), 0.15);
  const wide = tall * 0.07;
  const crown = { x, y: y - tall * 0.68, across: tall * 0.36, down: tall * 0.3 };
  const stem =
    shape(
      path`M${x - wide} ${y + tall * 0.02}q${wide * 0.8} ${-tall * 0.25} ${wide * 0.5} ${-tall * 0.6}h${wide}q${-wide * 0.2} ${tall * 0.35} ${wide * 0.7} ${tall * 0.6}z`,
      trunk,
    ) +
    `<path d="${path`M${x} ${y - tall * 0.35}q${-tall * 0.05} ${-tall * 0.15} ${-tall * 0.2} ${-tall * 0.28}M${x} ${y - tall * 0.4}q${tall * 0.05} ${-tall * 0.12} ${tall * 0.19} ${-tall * 0.25}`}" fill="none" stroke="${trunk}" stroke-width="${wide * 0.6}" stroke-linecap="round"/>`;
  const puff = (count: number, colour: Colour, dx: number, dy: number, size: number): string =>
    many(count, (index) => {
      const turn = (index / count) * 6.28 + random.between(-0.3, 0.3);
      const away = index % 3 === 0 ? 0.3 : random.between(0.55, 0.95);
      return circle(
        crown.x + dx + Math.cos(turn) * away * crown.across,
        crown.y + dy + Math.sin(turn) * away * crown.down,
        tall * size * random.between(0.8, 1.25),
        colour,
      );
    });
  const lean = stage.lamp.x < x ? -1 : 1;
  const falling = idea.season
    ? many(14, () =>
        ellipse(
          x + random.between(-0.6, 0.6) * tall,
          y - random.between(-0.04, 0.5) * tall,
          tall * 0.012,
          tall * 0.008,
          lighter(leaf, 0.1),
        ),
      )
    : '';
  return (
    stem +
    puff(16, darker(leaf, 0.3), 0, tall * 0.04, 0.13) +
    puff(14, leaf, lean * tall * 0.03, 0, 0.11) +
    puff(11, lighter(leaf, 0.2), lean * tall * 0.08, -tall * 0.05, 0.07) +
    falling
  );
}

function crownColour({ palette, idea, random, time }: Stage): Colour {
  const own: Colour =
    idea.season === 'autumn'
      ? random.pick(['#d9622b', '#e08a2c', '#c8402f', '#e3ac35'])
      : idea.season === 'spring'
        ? random.pick(['#f4a9c4', '#f7c6d9', '#f18fb0'])
        : idea.season === 'winter'
          ? '#dfeaf3'
          : '#4c9a55';
  return mix(own, palette.near, { day: 0.03, dawn: 0.15, sunset: 0.3, night: 0.45 }[time]);
}

/** Stems and blossoms that grow larger towards the lower edge. */
export function flowers(stage: Stage, from: number, seasonal?: Colour): string {
  const { width, height, unit, random, palette, time } = stage;
  const kinds = random.pick<readonly Colour[]>([
    ['#f2545b', '#ffb3a7', '#ffd166'],
    ['#e9724c', '#ffc857', '#fff1c9'],
    ['#c86bfa', '#8a7bff', '#ffd6f5'],
    ['#ff7aa2', '#ffffff', '#ffd166'],
    ['#f25f5c', '#f5f0e6', '#70c1f5'],
  ]);
  const night = { day: 0, dawn: 0.12, sunset: 0.28, night: 0.45 }[time];
  const count = Math.min(230, (width / unit) * 1.5);
  const spots = Array.from({ length: Math.ceil(count) }, () => ({
    x: random.between(0, width),
    depth: random.between(0, 1) ** 1.25,
  })).sort((a, b) => a.depth - b.depth);
  return spots
    .map(({ x, depth }) => {
      const y = from + (height - from) * (0.06 + depth * 0.98);
      const size = unit * (0.35 + depth ** 1.6 * 2.9);
      const petal = mix(seasonal ?? kinds[random.integer(0, kinds.length - 1)] ?? '#f2545b', palette.near, night);
      const stalk = `<path d="${path`M${x} ${y}q${random.between(-0.6, 0.6) * size} ${size * 2} 0 ${size * 4.4}`}" stroke="${mix('#4d8a45', palette.near, 0.35 + night)}" stroke-width="${Math.max(0.3, size * 0.16).toFixed(1)}" fill="none"/>`;
      return (depth > 0.25 ? stalk : '') + blossom(x, y, size, petal, depth, random.between(0, 1));
    })
    .join('');
}

function blossom(x: number, y: number, size: number, petal: Colour, depth: number, turn: number): string {
  if (depth < 0.3) return circle(x, y, size * 0.8, petal);
  const leaves = many(6, (index) => {
    const angle = (index / 6) * 360 + turn * 60;
    return ellipse(
      x,
      y - size * 0.62,
      size * 0.42,
      size * 0.66,
      index % 2 ? petal : lighter(petal, 0.12),
      `transform="rotate(${Math.round(angle)} ${x.toFixed(1)} ${y.toFixed(1)})"`,
    );
  });
  return (
    leaves + circle(x, y, size * 0.34, '#f6c445') + circle(x - size * 0.06, y - size * 0.06, size * 0.18, '#fbe08a')
  );
}

/** Blades of grass along a line of land. */
export function grass(stage: Stage, at: (x: number) => number, colour: Colour): string {
  const { width, unit, random } = stage;
  const blades = many(Math.min(380, (width / unit) * 2.6), () => {
    const [x, tall, lean] = [
      random.between(0, width),
      unit * random.between(0.8, 2.4),
      random.between(-0.8, 0.8) * unit,
    ];
    return path`M${x} ${at(x) + unit * 0.6}q${lean * 0.2} ${-tall * 0.6} ${lean} ${-tall}q${-lean * 0.2} ${tall * 0.5} ${-lean + unit * 0.3} ${tall}z`;
  });
  return shape(blades, colour);
}

/** A palm that leans over, its fronds in two tones. */
export function palm(stage: Stage, x: number, y: number, tall: number): string {
  const { random, palette, time } = stage;
  const dusk = { day: 0.1, dawn: 0.5, sunset: 0.85, night: 0.85 }[time];
  const trunk = mix('#8a6242', palette.near, dusk);
  const leaf = mix('#2f8f5b', palette.near, dusk);
  const lean = random.between(0.14, 0.34) * tall * (random.chance(0.5) ? 1 : -1);
  const [topX, topY, wide] = [x + lean, y - tall, tall * 0.032];
  const stem = shape(
    path`M${x - wide * 1.5} ${y}Q${x} ${y - tall * 0.55} ${topX - wide * 0.7} ${topY}h${wide * 1.4}Q${x + wide * 2.2} ${y - tall * 0.5} ${x + wide * 1.6} ${y}z`,
    trunk,
  );
  const fronds = many(9, (index) => {
    const angle = -200 + index * 27.5 + random.between(-6, 6);
    const long = tall * random.between(0.36, 0.46);
    const data = path`M0 0q${long * 0.5} ${-long * 0.34} ${long} ${long * 0.18}q${-long * 0.14} ${-long * 0.04} ${-long * 0.2} ${long * 0.02}q${-long * 0.1} ${-long * 0.08} ${-long * 0.2} 0q${-long * 0.14} ${-long * 0.08} ${-long * 0.24} ${long * 0.0}q${-long * 0.2} ${-long * 0.1} ${-long * 0.36} ${-long * 0.2}z`;
    const flip =
      Math.abs(angle + 90) > 90 || angle < -90
        ? `translate(${topX.toFixed(1)} ${topY.toFixed(1)}) scale(-1 1) rotate(${Math.round(-180 - angle)})`
        : `translate(${topX.toFixed(1)} ${topY.toFixed(1)}) rotate(${Math.round(angle)})`;
    return shape(data, index % 2 ? leaf : darker(leaf, 0.18), `transform="${flip}"`);
  });
  return (
    stem +
    fronds +
    circle(topX - wide, topY + wide, wide * 0.9, darker(trunk, 0.3)) +
    circle(topX + wide, topY + wide * 1.3, wide * 0.9, darker(trunk, 0.2))
  );
}

/** A cactus with two arms. */
export function cactus(stage: Stage, x: number, y: number, tall: number): string {
  const { palette, time } = stage;
  const colour = mix('#4c8a58', palette.near, { day: 0.1, dawn: 0.4, sunset: 0.8, night: 0.8 }[time]);
  const wide = tall * 0.15;
  const arm = (side: number, low: number, high: number): string =>
    `<path d="${path`M${x} ${y - tall * low}h${side * wide * 1.3}q${side * wide * 0.6} 0 ${side * wide * 0.6} ${-wide * 0.6}V${y - tall * high}`}" fill="none" stroke="${colour}" stroke-width="${(wide * 0.62).toFixed(1)}" stroke-linecap="round" stroke-linejoin="round"/>`;
  const ribs = [-0.22, 0.05]
    .map((part) => rectangle(x + part * wide, y - tall * 0.93, wide * 0.08, tall * 0.9, darker(colour, 0.25)))
    .join('');
  return (
    rectangle(x - wide / 2, y - tall, wide, tall * 1.03, colour, `rx="${(wide / 2).toFixed(1)}"`) +
    ribs +
    arm(-1, 0.4, 0.68) +
    arm(1, 0.52, 0.82)
  );
}
