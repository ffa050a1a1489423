import { bridge, castle, house, lighthouse, type Painter, pyramid, windmill } from './buildings.js';
import { darker, lighter } from './colour.js';
import { bird, cat, dog, fish, owl, person, robot, whale } from './creatures.js';
import { underwater } from './deep.js';
import { type Idea, readPrompt, type Thing } from './idea.js';
import { choosePalette, type Palette } from './palette.js';
import type { Place } from './place.js';
import { places } from './places.js';
import { cactus, palm, tree } from './plants.js';
import { seeded } from './random.js';
import { sky } from './sky.js';
import { moonGround, planet, space } from './space.js';
import { circle, gradients, many, path, rectangle, round, type Stage } from './stage.js';
import { balloon, boat, rocket } from './vehicles.js';

/** A picture as shapes, and the colours it is made of. */
export interface Scene {
  svg: string;
  palette: Palette;
}

/**
 * Composes a scene from the words of a prompt. The same seed and prompt give the same scene, at every size of the same
 * proportions: it is composed at a scale of its own and stretched to `width` by `height` pixels.
 */
export function composeScene(prompt: string, seed: string, { width, height }: { width: number; height: number }): Scene {
  const random = seeded(`${seed}\n${prompt}`);
  const stage = setStage(readPrompt(prompt), width / height, random);
  const picture = { space: inSpace, underwater }[stage.idea.place as 'space' | 'underwater'] ?? onEarth;
  const body = picture(stage) + vignette(stage);
  return {
    palette: stage.palette,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${round(stage.width)} ${round(stage.height)}" preserveAspectRatio="none">${stage.definitions()}${body}</svg>`,
  };
}

/** One unit of length in the coordinates of the drawing. */
const unit = 10;

function setStage(given: Idea, aspect: number, random: Stage['random']): Stage {
  const idea: Idea = { ...given, place: given.place ?? random.pick(['hills', 'mountains', 'lake', 'sea', 'forest', 'meadow', 'city', 'desert']) };
  const bright = idea.season === 'spring' || idea.place === 'meadow' || idea.place === 'beach';
  const time = idea.time ?? (bright ? random.pick(['day', 'day', 'dawn']) : idea.season ? random.pick(['day', 'dawn', 'sunset']) : random.pick(['day', 'day', 'sunset', 'sunset', 'dawn', 'night']));
  const scale = Math.min(1, aspect ** 0.5 * 1.35, aspect ** -0.5 * 1.1);
  const [width, height] = [(100 * unit * aspect ** 0.5) / scale, (100 * unit * aspect ** -0.5) / scale];
  const horizon = height * random.between(0.54, 0.64);
  const high = time === 'day' || time === 'night';
  const lamp = {
    x: width * (random.chance(0.5) ? random.between(0.18, 0.42) : random.between(0.58, 0.82)),
    y: high ? horizon * random.between(0.22, 0.42) : horizon - unit * random.between(3, 13),
    radius: unit * (high ? random.between(4.5, 6.5) : random.between(6.5, 9)),
  };
  const palette = choosePalette(idea, time, random);
  return { width, height, unit, horizon, idea, time, palette, random, lamp, ...gradients() };
}

function onEarth(stage: Stage): string {
  const place = places[stage.idea.place as keyof typeof places](stage);
  const heavens = sky(stage);
  const aloft = airborne(stage);
  return heavens + aloft + place.behind + afloat(stage, place) + ashore(stage, place) + weather(stage);
}

function inSpace(stage: Stage): string {
  const { width, height, idea } = stage;
  const standing = figures(stage).map(([paint, tall], index) => paint(stage, width * (0.62 - index * 0.28), moonGround(stage, width * 0.6) + unit * 2, unit * tall * 1.2));
  return space(stage) + (idea.things.includes('rocket') ? rocket(stage, width * 0.5, height * 0.62, unit * 36) : '') + standing.join('');
}

/** Painter and height of what stands on the ground, in units; large things first. */
const standing: Partial<Record<Thing, readonly [Painter, number]>> = {
  pyramid: [pyramid, 26],
  castle: [castle, 42],
  lighthouse: [lighthouse, 44],
  windmill: [windmill, 34],
  house: [house, 19],
  tree: [tree, 40],
  palm: [palm, 46],
  cactus: [cactus, 26],
  robot: [robot, 27],
  person: [person, 20],
  dog: [dog, 24],
  cat: [cat, 26],
  owl: [owl, 24],
};

function figures({ idea }: Stage): (readonly [Painter, number])[] {
  return (Object.keys(standing) as Thing[]).filter((thing) => idea.things.includes(thing)).flatMap((thing) => (standing[thing] ? [standing[thing]] : [])).slice(0, 4);
}

/** Sets what stands on the ground where the light is not: the first thing at the golden section, the others beside it. */
function ashore(stage: Stage, place: Place): string {
  const { width, lamp, random, idea } = stage;
  const side = lamp.x < width / 2 ? 1 : -1;
  const spots = [0.18, -0.2, 0.38, -0.36];
  const things = [...figures(stage), ...company(stage)].map(([paint, tall], index) => {
    const spot = idea.place === 'sea' ? (side > 0 ? 0.8 : 0.2) + (index * -0.14 * side) : 0.5 + side * (spots[index] ?? 0.1) + random.between(-0.03, 0.03);
    return paint(stage, width * spot, place.ground(width * spot) + unit, Math.min(unit * tall, stage.height * 0.6));
  });
  const palms = idea.place === 'beach' ? palm(stage, width * (0.5 + side * 0.34), place.ground(width * 0.8) + unit * 6, unit * 56) : '';
  const front = ['hills', 'forest', 'meadow', 'desert'].includes(idea.place ?? '');
  return front ? things.join('') + place.before : place.before + things.join('') + palms;
}

/** What belongs to a place or season even if no word asks for it. */
function company({ idea }: Stage): (readonly [Painter, number])[] {
  const { place = 'hills', season, things } = idea;
  if (place === 'beach' && !things.includes('palm')) return [[palm, 44]];
  if (place === 'desert' && !things.some((thing) => standing[thing])) return [[cactus, 22]];
  const leafy = (season === 'autumn' || season === 'spring') && ['hills', 'forest', 'meadow', 'lake'].includes(place);
  return leafy && !things.includes('tree') ? [[tree, 38], [tree, 26]] : [];
}

function afloat(stage: Stage, place: Place): string {
  const { width, random, idea, lamp } = stage;
  if (place.surface === undefined) return '';
  const spot = lamp.x < width / 2 ? random.between(0.3, 0.42) : random.between(0.58, 0.7);
  const span = idea.things.includes('bridge') ? bridge(stage, 0, place.surface + unit * 5, unit * 34) : '';
  const beast = idea.things.includes('whale') ? whale(stage, width * spot, place.surface + unit * 10, unit * 24) : '';
  const sails = idea.things.includes('boat') || (idea.place === 'sea' && idea.things.length === 0) ? boat(stage, width * spot, place.surface + unit * 3, unit * 25) + boat(stage, width * (1 - spot), place.surface - unit * 5, unit * 6) : '';
  return span + beast + sails;
}

function airborne(stage: Stage): string {
  const { width, horizon, random, idea, time } = stage;
  const has = (thing: Thing): boolean => idea.things.includes(thing);
  const flock = has('bird') ? bird(stage, width * random.between(0.3, 0.6), horizon * 0.42, unit * 15) : time !== 'night' && random.chance(0.5) ? bird(stage, width * random.between(0.25, 0.7), horizon * random.between(0.35, 0.6), unit * 4) : '';
  const balloons = has('balloon') ? balloon(stage, width * 0.66, horizon * 0.82, unit * 36) + balloon(stage, width * 0.28, horizon * 0.6, unit * 19) + balloon(stage, width * 0.46, horizon * 0.88, unit * 10) : '';
  return (has('planet') ? planet(stage, width * 0.3, horizon * 0.35, unit * 14, true) : '') + flock + balloons + (has('rocket') ? rocket(stage, width * 0.55, horizon * 0.62, unit * 34) : '') + (has('fish') ? fish(stage, width * 0.5, horizon * 0.7, unit * 18) : '');
}

/** What falls or drifts before the eye. */
function weather(stage: Stage): string {
  const { width, height, horizon, random, idea, palette } = stage;
  const area = Math.min(2.2, (width * height) / 1e6);
  const rain = idea.weather.has('rain')
    ? `<path d="${many(230 * area, () => {
        const long = unit * random.between(1.6, 4.5);
        return path`M${random.between(0, width * 1.1)} ${random.between(0, height)}l${-long * 0.28} ${long}`;
      })}" stroke="${lighter(palette.low, 0.4)}" stroke-opacity="0.38" stroke-width="1.3"/>`
    : '';
  const snow = idea.weather.has('snow') || idea.season === 'winter' ? many(260 * area, (index) => circle(random.between(0, width), random.between(0, height), index % 12 === 0 ? random.between(4, 8) : random.between(1, 3.6), '#ffffff', `fill-opacity="${index % 12 === 0 ? 0.35 : 0.8}"`)) : '';
  const haze = (level: number, opacity: number): string => rectangle(0, level - unit * 9, width, unit * 18, stage.gradient('down', [[0, lighter(palette.low, 0.3), 0], [0.5, lighter(palette.low, 0.3), opacity], [1, lighter(palette.low, 0.3), 0]]));
  const fog = idea.weather.has('fog') ? haze(horizon - unit * 4, 0.75) + haze(horizon + unit * 8, 0.8) + haze(horizon + unit * 22, 0.5) : '';
  return fog + rain + snow;
}

function vignette(stage: Stage): string {
  const dark = darker(stage.palette.near, 0.6);
  return rectangle(0, 0, stage.width, stage.height, stage.gradient('round', [[0, dark, 0], [0.7, dark, 0], [1, dark, 0.16]]));
}
