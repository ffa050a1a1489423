import { afloat, airborne, ashore, figures } from './cast.js';
import { darker, lighter } from './colour.js';
import { underwater } from './deep.js';
import { type Idea, readPrompt } from './idea.js';
import { choosePalette, type Palette } from './palette.js';
import { places } from './places.js';
import { seeded } from './random.js';
import { sky } from './sky.js';
import { moonGround, space } from './space.js';
import { circle, gradients, many, path, rectangle, round, type Stage } from './stage.js';
import { rocket } from './vehicles.js';

/** An image as shapes, and the colours it is made of. */
export interface Scene {
  svg: string;
  palette: Palette;
}

/**
 * Composes a scene from the words of a prompt. The same seed and prompt give the same scene, at every size of the same
 * proportions: it is composed at a scale of its own and stretched to `width` by `height` pixels.
 */
export function composeScene(
  prompt: string,
  seed: string,
  { width, height }: { width: number; height: number },
): Scene {
  const random = seeded(`${seed}\n${prompt}`);
  const stage = setStage(readPrompt(prompt), width / height, random);
  const image = { space: inSpace, underwater }[stage.idea.place as 'space' | 'underwater'] ?? onEarth;
  const body = image(stage) + vignette(stage);
  return {
    palette: stage.palette,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${round(stage.width)} ${round(stage.height)}" preserveAspectRatio="none">${stage.definitions()}${body}</svg>`,
  };
}

/** One unit of length in the coordinates of the drawing. */
const unit = 10;

function setStage(given: Idea, aspect: number, random: Stage['random']): Stage {
  const idea: Idea = {
    ...given,
    place: given.place ?? random.pick(['hills', 'mountains', 'lake', 'sea', 'forest', 'meadow', 'city', 'desert']),
  };
  const bright = idea.season === 'spring' || idea.place === 'meadow' || idea.place === 'beach';
  const time =
    idea.time ??
    (bright
      ? random.pick(['day', 'day', 'dawn'])
      : idea.season
        ? random.pick(['day', 'dawn', 'sunset'])
        : random.pick(['day', 'day', 'sunset', 'sunset', 'dawn', 'night']));
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
  const standing = figures(stage).map(([paint, tall], index) =>
    paint(stage, width * (0.62 - index * 0.28), moonGround(stage, width * 0.6) + unit * 2, unit * tall * 1.2),
  );
  return (
    space(stage) +
    (idea.things.includes('rocket') ? rocket(stage, width * 0.5, height * 0.62, unit * 36) : '') +
    standing.join('')
  );
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
  const snow =
    idea.weather.has('snow') || idea.season === 'winter'
      ? many(260 * area, (index) =>
          circle(
            random.between(0, width),
            random.between(0, height),
            index % 12 === 0 ? random.between(4, 8) : random.between(1, 3.6),
            '#ffffff',
            `fill-opacity="${index % 12 === 0 ? 0.35 : 0.8}"`,
          ),
        )
      : '';
  const haze = (level: number, opacity: number): string =>
    rectangle(
      0,
      level - unit * 9,
      width,
      unit * 18,
      stage.gradient('down', [
        [0, lighter(palette.low, 0.3), 0],
        [0.5, lighter(palette.low, 0.3), opacity],
        [1, lighter(palette.low, 0.3), 0],
      ]),
    );
  const fog = idea.weather.has('fog')
    ? haze(horizon - unit * 4, 0.75) + haze(horizon + unit * 8, 0.8) + haze(horizon + unit * 22, 0.5)
    : '';
  return fog + rain + snow;
}

function vignette(stage: Stage): string {
  const dark = darker(stage.palette.near, 0.6);
  return rectangle(
    0,
    0,
    stage.width,
    stage.height,
    stage.gradient('round', [
      [0, dark, 0],
      [0.7, dark, 0],
      [1, dark, 0.16],
    ]),
  );
}
