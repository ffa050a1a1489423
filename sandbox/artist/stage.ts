import type { Colour } from './colour.js';
import type { Idea } from './idea.js';
import type { Palette } from './palette.js';
import type { Random } from './random.js';

/** Where one image is composed: its measures, its colours, and the definitions that its shapes share. */
export interface Stage {
  width: number;
  height: number;
  /** A hundredth of what the eye takes as the size of the scene; all shapes are measured in it. */
  unit: number;
  /** Height at which sky and land meet. */
  horizon: number;
  idea: Idea;
  time: NonNullable<Idea['time']>;
  palette: Palette;
  random: Random;
  /** Sun or moon. */
  lamp: { x: number; y: number; radius: number };
  /** Adds a gradient and gives the `fill` that paints with it. */
  gradient(kind: 'down' | 'across' | 'round', stops: Stop[]): string;
  /** The gradients so far. */
  definitions(): string;
}

/** Where (0 to 1), which colour, how opaque (1 if not said). */
export type Stop = readonly [offset: number, colour: Colour, opacity?: number];

/** The part of a stage that hands out gradients. */
export function gradients(): Pick<Stage, 'gradient' | 'definitions'> {
  const made: string[] = [];
  const heads = {
    down: ['linearGradient', 'x1="0" y1="0" x2="0" y2="1"'],
    across: ['linearGradient', 'x1="0" y1="0" x2="1" y2="0"'],
    round: ['radialGradient', ''],
  } as const;
  return {
    gradient(kind, stops) {
      const [tag, direction] = heads[kind];
      const id = `g${made.length}`;
      made.push(`<${tag} id="${id}" ${direction}>${stops.map(stop).join('')}</${tag}>`);
      return `url(#${id})`;
    },
    definitions: () => `<defs>${made.join('')}</defs>`,
  };
}

function stop([offset, colour, opacity = 1]: Stop): string {
  return `<stop offset="${round(offset * 100)}%" stop-color="${colour}" stop-opacity="${round(opacity * 100) / 100}"/>`;
}

/** One decimal is finer than a pixel's edge shows. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A path in relative or absolute SVG commands, numbers rounded: path`M${x} ${y}l${3} 0z`. */
export function path(parts: TemplateStringsArray, ...values: (number | string)[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => (typeof value === 'number' ? round(value) : value)));
}

/** A filled shape from the data of a path. */
export function shape(data: string, fill: string, more = ''): string {
  return `<path d="${data}" fill="${fill}" ${more}/>`;
}

export function circle(x: number, y: number, radius: number, fill: string, more = ''): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${fill}" ${more}/>`;
}

export function ellipse(x: number, y: number, across: number, down: number, fill: string, more = ''): string {
  return `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(across)}" ry="${round(down)}" fill="${fill}" ${more}/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}" ${more}/>`;
}

/** One shape drawn `count` times. */
export function many(count: number, draw: (index: number) => string): string {
  return Array.from({ length: Math.max(0, Math.round(count)) }, (_, index) => draw(index)).join('');
}
