import { type Colour, darker, lighter, mix } from './colour.js';
import type { Idea } from './idea.js';
import type { Random } from './random.js';

/** The colours of one image, from the top of the sky to the ground at one's feet. */
export interface Palette {
  top: Colour;
  middle: Colour;
  low: Colour;
  /** Sun or moon. */
  light: Colour;
  /** Land half way to the horizon, and the nearest land. */
  land: Colour;
  near: Colour;
  /** Something to catch the eye: a roof, a sail, a balloon. */
  accent: Colour;
  dark: boolean;
}

type Row = readonly [
  top: Colour,
  middle: Colour,
  low: Colour,
  light: Colour,
  land: Colour,
  near: Colour,
  accent: Colour,
];

const skies: Record<'day' | 'dawn' | 'sunset' | 'night' | 'storm', readonly [Row, ...Row[]]> = {
  day: [
    ['#2f7fc6', '#7fc3ea', '#e6f4ee', '#fff8dc', '#6fae7c', '#23583f', '#e4573d'],
    ['#2a86b5', '#84d2d6', '#fdf1d2', '#fffbe6', '#7fb069', '#2f5a3a', '#f2663b'],
    ['#5a9bdc', '#b4d9f2', '#fdebd8', '#fff7e0', '#8cb37a', '#355f45', '#d9485f'],
    ['#1f6fb0', '#5fb7d9', '#d8f0e0', '#fffde8', '#5aa383', '#1d4f4a', '#ff7f50'],
  ],
  dawn: [
    ['#5a6fae', '#e6a3b8', '#ffe4bd', '#fff4d6', '#8b7fa6', '#353a5e', '#ef6f6c'],
    ['#6f97cc', '#f6c6c1', '#fff1d3', '#fffaf0', '#93a6a8', '#3b545c', '#f08a5d'],
    ['#4d8aa8', '#f2b8a0', '#ffeac2', '#fff6da', '#7d9b8c', '#2c4a52', '#e76f51'],
  ],
  sunset: [
    ['#2a2a63', '#d4557a', '#ffb561', '#fff3c4', '#8a3a64', '#1f1538', '#ffd166'],
    ['#443a6b', '#f0734d', '#ffd583', '#fff6d0', '#a04a55', '#2a1830', '#ffe08a'],
    ['#1e3c66', '#c9627d', '#ffc490', '#fff0cf', '#7a4a6b', '#16203c', '#ffb36b'],
    ['#592a60', '#ff7a5c', '#ffe391', '#fffbe0', '#9e3d5c', '#321433', '#ffd97a'],
    ['#163a5f', '#e88b6a', '#ffdca0', '#fff8e0', '#5f5b73', '#11253b', '#ff9f68'],
  ],
  night: [
    ['#050a22', '#15295e', '#4568a0', '#f7f2dc', '#1d3157', '#060b1c', '#ffcf6e'],
    ['#0a0926', '#2b2061', '#73529a', '#fbeede', '#2a2154', '#0a0719', '#ffc46b'],
    ['#03131f', '#0b3c4e', '#35858a', '#f3f7e2', '#124049', '#031118', '#ffd77a'],
    ['#070c24', '#26336e', '#8a6c9c', '#fff1d6', '#2b2c58', '#090a1e', '#ffb86b'],
  ],
  storm: [
    ['#232c3a', '#53606f', '#a3b0ae', '#e8eee6', '#4c5c60', '#161d24', '#e0a458'],
    ['#2b2f45', '#5d6180', '#b7a9b0', '#efe8e4', '#4d5066', '#181a29', '#f0b45b'],
  ],
};

/** Chooses the colours by hour, season, weather and place; the seed decides between those that fit. */
export function choosePalette(idea: Idea, time: NonNullable<Idea['time']>, random: Random): Palette {
  const stormy = idea.weather.has('storm') || (idea.weather.has('rain') && time === 'day');
  const [top, middle, low, light, land, near, accent] = random.pick(skies[stormy && time !== 'night' ? 'storm' : time]);
  const palette: Palette = { top, middle, low, light, land, near, accent, dark: time === 'night' };
  return tinted(onGround(palette, idea, time), idea.tint as Colour | undefined);
}

/** The ground takes the colours of its season or place, less so when the light goes. */
function onGround(palette: Palette, idea: Idea, time: NonNullable<Idea['time']>): Palette {
  const own = groundColours(idea);
  if (!own) return palette;
  const part =
    idea.season === 'winter'
      ? { day: 0.97, dawn: 0.85, sunset: 0.72, night: 0.42 }[time]
      : { day: 0.95, dawn: 0.7, sunset: 0.5, night: 0.16 }[time];
  return { ...palette, land: mix(palette.land, own.land, part), near: mix(palette.near, own.near, part) };
}

function groundColours({ season, place }: Idea): { land: Colour; near: Colour } | undefined {
  if (place === 'desert') return { land: '#dd9b5a', near: '#8f4a26' };
  if (season === 'winter') return { land: '#a9c4da', near: '#e9f1f7' };
  if (season === 'autumn') return { land: '#c9772f', near: '#6a2b18' };
  if (season === 'spring') return { land: '#9cc07a', near: '#3f7a4a' };
  if (place === 'forest') return { land: '#4f8a6b', near: '#12382f' };
  if (place === 'mountains') return { land: '#5d7f95', near: '#1f3d3f' };
  return undefined;
}

function tinted(palette: Palette, tint: Colour | undefined): Palette {
  if (!tint) return palette;
  return {
    ...palette,
    top: mix(palette.top, palette.dark ? darker(tint, 0.7) : darker(tint, 0.3), 0.5),
    middle: mix(palette.middle, palette.dark ? darker(tint, 0.35) : tint, 0.55),
    low: mix(palette.low, lighter(tint, 0.55), 0.4),
    land: mix(palette.land, darker(tint, 0.3), 0.4),
    accent: tint,
  };
}
