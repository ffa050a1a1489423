import { type Colour, darker, lighter, mix } from './colour.js';
import { type Stage, circle, ellipse, many, path, rectangle, round, shape } from './stage.js';

/** Stars, clouds of gas, planets, and the ground of a moon at one's feet. */
export function space(stage: Stage): string {
  const { width, height, random, idea } = stage;
  const [first, second] = random.pick<readonly [Colour, Colour]>([
    ['#7b2ff7', '#00c2d1'],
    ['#f2295b', '#3a47d5'],
    ['#ff8a3c', '#6a1b9a'],
    ['#18b6a3', '#2541b2'],
  ]);
  const gas = (idea.tint ?? first) as Colour;
  const back = rectangle(
    0,
    0,
    width,
    height,
    stage.gradient('down', [
      [0, '#04040f'],
      [0.6, mix('#0a0a24', gas, 0.18)],
      [1, '#05040f'],
    ]),
  );
  return back + clouds(stage, gas, second) + stars(stage) + worlds(stage) + surface(stage, mix(gas, second, 0.4));
}

/** Gas in two colours that drifts across the sky. */
function clouds({ width, height, unit, random, gradient }: Stage, gas: Colour, second: Colour): string {
  return many(16, (index) => {
    const colour = index % 3 === 0 ? second : index % 3 === 1 ? gas : mix(gas, second, 0.5);
    const fill = gradient('round', [
      [0, colour, 0.34],
      [0.5, colour, 0.14],
      [1, colour, 0],
    ]);
    const along = random.between(-0.1, 1.1);
    const [x, y] = [width * along, height * (0.68 - along * 0.45 + random.between(-0.14, 0.14))];
    return ellipse(
      x,
      y,
      unit * random.between(18, 46),
      unit * random.between(10, 24),
      fill,
      `transform="rotate(${round(random.between(-50, 0))} ${round(x)} ${round(y)})"`,
    );
  });
}

/** Many small stars, and a few that sparkle. */
function stars({ width, height, unit, random, gradient }: Stage): string {
  const small = many(Math.min(620, (width * height) / unit ** 2 / 22), () =>
    circle(
      random.between(0, width),
      random.between(0, height),
      unit * (random.chance(0.07) ? random.between(0.2, 0.36) : random.between(0.05, 0.16)),
      random.pick(['#ffffff', '#ffffff', '#ffe6c4', '#cfe2ff']),
      `fill-opacity="${round(random.between(0.4, 1))}"`,
    ),
  );
  const glow = gradient('round', [
    [0, '#ffffff', 0.95],
    [0.12, '#ffffff', 0.4],
    [1, '#ffffff', 0],
  ]);
  const sparks = many(8, () =>
    circle(random.between(0, width), random.between(0, height * 0.8), unit * random.between(1, 2.2), glow),
  );
  return small + sparks;
}

/** A large planet with a ring, and a small one on the other side. */
function worlds(stage: Stage): string {
  const { width, height, unit, random } = stage;
  const side = random.chance(0.5) ? 0.3 : 0.7;
  return (
    planet(stage, width * side, height * random.between(0.3, 0.42), unit * random.between(15, 21), true) +
    planet(
      stage,
      width * (1 - side + random.between(-0.08, 0.08)),
      height * random.between(0.14, 0.3),
      unit * random.between(3.5, 6),
      false,
    )
  );
}

/** A world in bands, lit from one side, with a ring if it wears one. */
export function planet(stage: Stage, x: number, y: number, radius: number, ringed: boolean): string {
  const { random } = stage;
  const base = random.pick(['#e8a87c', '#7fb7be', '#d97b93', '#b08bd9', '#e0c068', '#6aa0d8'] as const);
  const id = `p${Math.round(x)}${Math.round(y)}`;
  const bands = many(9, (index) => {
    const level = y - radius + (index * radius * 2) / 9;
    return shape(
      path`M${x - radius} ${level}q${radius} ${radius * 0.2} ${radius * 2} 0v${radius * random.between(0.06, 0.2)}q${-radius} ${radius * 0.22} ${-radius * 2} 0z`,
      index % 2 ? lighter(base, 0.28) : darker(base, 0.25),
      'fill-opacity="0.6"',
    );
  });
  const shade = stage.gradient('across', [
    [0, '#03030c', 0],
    [0.35, '#03030c', 0.12],
    [0.8, '#03030c', 0.8],
    [1, '#03030c', 0.93],
  ]);
  const halo = circle(
    x,
    y,
    radius * 1.45,
    stage.gradient('round', [
      [0, base, 0.5],
      [0.66, base, 0.26],
      [1, base, 0],
    ]),
  );
  const ring = (sweep: number): string =>
    ringed
      ? [1.9, 1.72, 1.5]
          .map(
            (size, index) =>
              `<path d="${path`M${-radius * size} 0A${radius * size} ${radius * size * 0.26} 0 0 ${sweep} ${radius * size} 0`}" transform="translate(${round(x)} ${round(y)}) rotate(-18)" fill="none" stroke="${index === 1 ? darker(base, 0.15) : lighter(base, 0.45)}" stroke-opacity="0.75" stroke-width="${round(radius * [0.07, 0.1, 0.13][index]!)}"/>`,
          )
          .join('')
      : '';
  return `${halo}${ring(1)}<clipPath id="${id}">${circle(x, y, radius, '#000000')}</clipPath><g clip-path="url(#${id})">${circle(x, y, radius, base)}<g transform="rotate(-18 ${round(x)} ${round(y)})">${bands}</g>${rectangle(x - radius, y - radius, radius * 2, radius * 2, shade)}</g>${ring(0)}`;
}

/** The line of the ground a rocket or a figure stands on. */
export function moonGround({ height, unit, width }: Stage, x: number): number {
  return height - unit * 13 + Math.sin((x / width) * 4 + 1) * unit * 3;
}

function surface(stage: Stage, tone: Colour): string {
  const { width, height, unit, random } = stage;
  const colour = mix('#3a3550', tone, 0.25);
  const points = many(41, (index) => path`L${(width * index) / 40} ${moonGround(stage, (width * index) / 40)}`);
  const ground = shape(
    path`M0 ${height}${points}L${width} ${height}z`,
    stage.gradient('down', [
      [0, lighter(colour, 0.12)],
      [1, darker(colour, 0.65)],
    ]),
  );
  const craters = many(Math.min(16, width / unit / 8), () => {
    const x = random.between(0, width);
    const y = moonGround(stage, x) + unit * random.between(3, 12);
    const size = unit * random.between(1.5, 6);
    return (
      ellipse(x, y, size, size * 0.26, darker(colour, 0.45)) +
      ellipse(x, y + size * 0.05, size * 0.88, size * 0.2, darker(colour, 0.25))
    );
  });
  return ground + craters;
}
