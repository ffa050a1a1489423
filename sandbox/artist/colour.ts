/** Colours are written `#rrggbb`. They are mixed in OKLab (Björn Ottosson, 2020), where halfway looks like halfway. */
export type Colour = `#${string}`;

/** The colour that lies at `part` (0 to 1) of the way from one to another. */
export function mix(from: Colour, to: Colour, part: number): Colour {
  const [a, b] = [toLab(from), toLab(to)];
  return fromLab(a.map((value, index) => value + ((b[index] ?? 0) - value) * part));
}

/** Lighter by a part of the way to white. */
export function lighter(colour: Colour, part: number): Colour {
  return mix(colour, '#ffffff', part);
}

/** Darker by a part of the way to a very dark blue, which reads as shadow where black reads as a hole. */
export function darker(colour: Colour, part: number): Colour {
  return mix(colour, '#04060f', part);
}

/** Red, green and blue from 0 to 255. */
export function channels(colour: Colour): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function toLab(colour: Colour): number[] {
  const [red, green, blue] = channels(colour).map((value) => toLinear(value / 255)) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function fromLab([light = 0, a = 0, b = 0]: number[]): Colour {
  const long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  const bytes = linear.map((value) => Math.round(255 * fromLinear(Math.min(1, Math.max(0, value)))));
  return `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromLinear = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
