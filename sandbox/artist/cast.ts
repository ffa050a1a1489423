import { castle, house, pyramid, windmill } from './buildings.js';
import { bird, cat, dog, fish, owl, person, robot, whale } from './creatures.js';
import type { Thing } from './idea.js';
import type { Painter } from './light.js';
import type { Place } from './place.js';
import { cactus, palm, tree } from './plants.js';
import { planet } from './space.js';
import type { Stage } from './stage.js';
import { balloon, boat, rocket } from './vehicles.js';
import { bridge, lighthouse } from './waterside.js';

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

/** The painters of what the words name and that stands, with their heights. */
export function figures({ idea }: Stage): (readonly [Painter, number])[] {
  return (Object.keys(standing) as Thing[])
    .filter((thing) => idea.things.includes(thing))
    .flatMap((thing) => (standing[thing] ? [standing[thing]] : []))
    .slice(0, 4);
}

/**
 * Sets what stands on the ground where the light is not: the first thing at the golden section, the others beside it.
 */
export function ashore(stage: Stage, place: Place): string {
  const { width, lamp, random, idea, unit } = stage;
  const side = lamp.x < width / 2 ? 1 : -1;
  const spots = [0.18, -0.2, 0.38, -0.36];
  const things = [...figures(stage), ...company(stage)].map(([paint, tall], index) => {
    const spot =
      idea.place === 'sea'
        ? (side > 0 ? 0.8 : 0.2) + index * -0.14 * side
        : 0.5 + side * (spots[index] ?? 0.1) + random.between(-0.03, 0.03);
    return paint(stage, width * spot, place.ground(width * spot) + unit, Math.min(unit * tall, stage.height * 0.6));
  });
  const palms =
    idea.place === 'beach'
      ? palm(stage, width * (0.5 + side * 0.34), place.ground(width * 0.8) + unit * 6, unit * 56)
      : '';
  const front = ['hills', 'forest', 'meadow', 'desert'].includes(idea.place ?? '');
  return front ? things.join('') + place.before : place.before + things.join('') + palms;
}

/** What belongs to a place or season even if no word asks for it. */
function company({ idea }: Stage): (readonly [Painter, number])[] {
  const { place = 'hills', season, things } = idea;
  if (place === 'beach' && !things.includes('palm')) return [[palm, 44]];
  if (place === 'desert' && !things.some((thing) => standing[thing])) return [[cactus, 22]];
  const leafy = (season === 'autumn' || season === 'spring') && ['hills', 'forest', 'meadow', 'lake'].includes(place);
  return leafy && !things.includes('tree')
    ? [
        [tree, 38],
        [tree, 26],
      ]
    : [];
}

/** What swims or spans the water. */
export function afloat(stage: Stage, place: Place): string {
  const { width, random, idea, lamp, unit } = stage;
  if (place.surface === undefined) return '';
  const spot = lamp.x < width / 2 ? random.between(0.3, 0.42) : random.between(0.58, 0.7);
  const span = idea.things.includes('bridge') ? bridge(stage, 0, place.surface + unit * 5, unit * 34) : '';
  const beast = idea.things.includes('whale') ? whale(stage, width * spot, place.surface + unit * 10, unit * 24) : '';
  const sails =
    idea.things.includes('boat') || (idea.place === 'sea' && idea.things.length === 0)
      ? boat(stage, width * spot, place.surface + unit * 3, unit * 25) +
        boat(stage, width * (1 - spot), place.surface - unit * 5, unit * 6)
      : '';
  return span + beast + sails;
}

/** What flies. */
export function airborne(stage: Stage): string {
  const { width, horizon, random, idea, time, unit } = stage;
  const has = (thing: Thing): boolean => idea.things.includes(thing);
  const flock = has('bird')
    ? bird(stage, width * random.between(0.3, 0.6), horizon * 0.42, unit * 15)
    : time !== 'night' && random.chance(0.5)
      ? bird(stage, width * random.between(0.25, 0.7), horizon * random.between(0.35, 0.6), unit * 4)
      : '';
  const balloons = has('balloon')
    ? balloon(stage, width * 0.66, horizon * 0.82, unit * 36) +
      balloon(stage, width * 0.28, horizon * 0.6, unit * 19) +
      balloon(stage, width * 0.46, horizon * 0.88, unit * 10)
    : '';
  return (
    (has('planet') ? planet(stage, width * 0.3, horizon * 0.35, unit * 14, true) : '') +
    flock +
    balloons +
    (has('rocket') ? rocket(stage, width * 0.55, horizon * 0.62, unit * 34) : '') +
    (has('fish') ? fish(stage, width * 0.5, horizon * 0.7, unit * 18) : '')
  );
}
