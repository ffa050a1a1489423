import { darker, lighter, mix } from './colour.js';
import { inLight, type Painter } from './light.js';
import { type Stage, circle, ellipse, many, path, rectangle, round, shape } from './stage.js';

/** The colour of a figure against the light. */
function silhouette({ palette, time }: Stage): `#${string}` {
  return time === 'day' ? darker(mix(palette.near, '#3a2c33', 0.6), 0.35) : darker(palette.near, 0.35);
}

/** Draws in a box of 100 by 100 whose foot is at the middle of its lower edge. */
function inBox(x: number, y: number, tall: number, svg: string, flip = false): string {
  const scale = tall / 100;
  return `<g transform="translate(${round(x)} ${round(y)}) scale(${(flip ? -scale : scale).toFixed(3)} ${scale.toFixed(3)}) translate(-50 -100)">${svg}</g>`;
}

export const cat: Painter = (stage, x, y, tall) => {
  const colour = silhouette(stage);
  const eye = stage.time === 'day' ? '#ffd166' : '#ffe08a';
  const body =
    '<path d="M50 28C44 28 38 31 36 37C34 43 35 48 39 52C32 60 28 72 28 84C28 94 31 100 38 100H66C73 100 76 94 75 85C74 71 69 60 61 52C65 48 66 43 64 37C62 31 56 28 50 28z"/><path d="M36.500 40L34 17L46 29zM63.500 40L66 17L54 29z"/>';
  const tail = `<path d="M70 96C90 99 100 84 92 70C88 63 95 58 99 62" fill="none" stroke="${colour}" stroke-width="7" stroke-linecap="round"/>`;
  const face =
    [43.5, 56.5].map((at) => ellipse(at, 40, 2.9, 3.4, eye) + ellipse(at, 40, 0.9, 3, '#1a1020')).join('') +
    shape('M48 46h4l-2 2.500z', '#e59aa5');
  const whiskers = `<path d="M42 47L29 45M42 49L30 51M58 47L71 45M58 49L70 51" stroke="${lighter(colour, 0.45)}" stroke-width="0.6"/>`;
  return inBox(x, y, tall, `<g fill="${colour}">${body}</g>${tail}${face}${whiskers}`, stage.random.chance(0.5));
};

export const dog: Painter = (stage, x, y, tall) => {
  const colour = mix(silhouette(stage), '#8a5a38', stage.time === 'day' ? 0.55 : 0.12);
  const body =
    '<path d="M38 30C30 30 25 36 22 41L10 45C7 47 7 51 10 53L25 55C29 57 33 57 36 56C35 66 34 78 34 92C31 94 30 97 31 100H48L49 80C52 86 58 88 62 90C58 93 57 97 58 100H80C86 94 86 80 80 70C74 60 64 56 57 52C57 44 55 36 50 32C46 30 42 29 38 30z"/>';
  const tail = `<path d="M80 92C92 92 98 80 96 66" fill="none" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>`;
  const ear = shape('M46 31C54 30 60 38 59 52C58 58 52 57 49 51C47 45 45 38 46 31z', darker(colour, 0.35));
  const details =
    circle(30, 42, 1.9, '#1a1014') +
    circle(29.5, 41.4, 0.7, '#ffffff') +
    ellipse(9.5, 47, 3, 2.6, '#1a1014') +
    `<path d="M36 57C42 60 50 60 56 54" fill="none" stroke="${stage.palette.accent}" stroke-width="4"/>`;
  return inBox(x, y, tall, `<g fill="${colour}">${body}</g>${tail}${ear}${details}`, stage.random.chance(0.5));
};

export const owl: Painter = (stage, x, y, tall) => {
  const colour = mix(silhouette(stage), '#7a5a40', stage.time === 'night' ? 0.25 : 0.6);
  const pale = mix(colour, '#f0dfc0', 0.5);
  const feathers = many(5, (row) =>
    many(4 + (row % 2), (at) =>
      ellipse(50 + (at - (3 + (row % 2)) / 2) * 8, 62 + row * 6.5, 3, 2.4, darker(pale, 0.25)),
    ),
  );
  const face = [40, 60]
    .map(
      (at) =>
        circle(at, 36, 11, pale) +
        circle(at, 36, 6.5, '#ffc94d') +
        circle(at, 36, 3.6, '#17101c') +
        circle(at - 1.4, 34.5, 1.1, '#ffffff'),
    )
    .join('');
  return inBox(
    x,
    y,
    tall,
    `${shape('M26 16C34 24 42 22 50 24C58 22 66 24 74 16C78 28 78 40 74 46C82 62 78 88 62 98H38C22 88 18 62 26 46C22 40 22 28 26 16z', colour)}${ellipse(50, 73, 19, 23, pale)}${feathers}${shape('M26 48C14 66 20 88 32 94C28 76 28 62 34 52zM74 48C86 66 80 88 68 94C72 76 72 62 66 52z', darker(colour, 0.25))}${face}${shape('M46.500 42h7l-3.500 8z', '#e8963a')}`,
  );
};

export const person: Painter = (stage, x, y, tall) => {
  const colour = silhouette(stage);
  const coat = mix(inLight(stage, stage.palette.accent), colour, stage.time === 'day' ? 0.05 : 0.35);
  return inBox(
    x,
    y,
    tall,
    `${shape('M42 60L40 100H47.500L50 72L52.500 100H60L58 60z', colour)}${shape('M39 27C44 23 56 23 61 27C66 40 66 56 64 68C56 72 44 72 36 68C34 56 34 40 39 27z', coat)}${shape('M39 29C34 36 31 48 31 60L36 61C37 50 39 42 42 38zM61 29C66 36 69 48 69 60L64 61C63 50 61 42 58 38z', darker(coat, 0.25))}${circle(50, 15, 8.5, mix('#e0ac86', colour, stage.time === 'day' ? 0.15 : 0.6))}${shape('M41 15C40 4 60 4 59 15C56 10 46 9 41 15z', colour)}${shape('M41 24C46 28 54 28 59 24L60 29C54 32 46 32 40 29z', lighter(coat, 0.35))}`,
  );
};

export const robot: Painter = (stage, x, y, tall) => {
  const metal = inLight(stage, '#b9c4cf');
  const dark = darker(metal, 0.55);
  const glow = stage.palette.accent;
  const eyes = [41, 59]
    .map(
      (at) =>
        circle(
          at,
          27,
          8,
          stage.gradient('round', [
            [0, '#7df3ff', 0.8],
            [1, '#7df3ff', 0],
          ]),
        ) + circle(at, 27, 4, '#c9fbff'),
    )
    .join('');
  return inBox(
    x,
    y,
    tall,
    [
      rectangle(49, 4, 2, 12, dark),
      circle(50, 4, 3, glow),
      rectangle(30, 15, 40, 25, metal, 'rx="7"'),
      rectangle(35, 20, 30, 14, '#1c2733', 'rx="6"'),
      eyes,
      rectangle(46, 39, 8, 5, dark),
      rectangle(28, 43, 44, 33, metal, 'rx="8"'),
      rectangle(60, 43, 12, 33, dark, 'rx="8" fill-opacity="0.3"'),
      rectangle(36, 50, 20, 13, dark, 'rx="3"'),
      circle(41, 56.5, 2.4, '#ff6b6b'),
      circle(48, 56.5, 2.4, '#ffd166'),
      `<path d="M27 48C18 54 18 62 20 72M73 48C82 54 84 46 85 36" fill="none" stroke="${dark}" stroke-width="5" stroke-linecap="round"/>`,
      circle(20, 74, 4.5, metal),
      circle(85, 33, 4.5, metal),
      rectangle(35, 76, 9, 20, dark),
      rectangle(56, 76, 9, 20, dark),
      rectangle(30, 93, 17, 7, metal, 'rx="3"'),
      rectangle(53, 93, 17, 7, metal, 'rx="3"'),
    ].join(''),
  );
};

/** A loose flock, and for `tall` over nothing a first bird that is nearer. */
export const bird: Painter = (stage, x, y, tall) => {
  const { random } = stage;
  const colour = silhouette(stage);
  const wing = (size: number): string =>
    path`c${size * 0.18} ${-size * 0.34} ${size * 0.42} ${-size * 0.36} ${size * 0.5} ${-size * 0.02}c${size * 0.08} ${-size * 0.34} ${size * 0.34} ${-size * 0.34} ${size * 0.5} ${-size * 0.04}c${-size * 0.2} ${-size * 0.14} ${-size * 0.36} ${-size * 0.04} ${-size * 0.46} ${size * 0.18}q${-size * 0.04} ${size * 0.07} ${-size * 0.09} 0c${-size * 0.1} ${-size * 0.22} ${-size * 0.24} ${-size * 0.28} ${-size * 0.45} ${-size * 0.12}z`;
  return shape(
    many(
      11,
      (index) =>
        path`M${x + (index === 0 ? 0 : random.between(-2.4, 2.4) * tall)} ${y + (index === 0 ? 0 : random.between(-1, 0.7) * tall)}` +
        wing(tall * (index === 0 ? 1 : random.between(0.22, 0.5))),
    ),
    colour,
  );
};

export const fish: Painter = (stage, x, y, tall) => {
  const colour = stage.random.pick(['#ff9f43', '#ffd166', '#ff6b81', '#7bed9f', '#70a1ff', '#f8a5c2'] as const);
  const stripes = [34, 48]
    .map((at) => shape(path`M${at} ${32 + (at - 30) * 0.1}q6 18 0 36q5 1 7 -1q6 -17 0 -36z`, lighter(colour, 0.6)))
    .join('');
  return inBox(
    x,
    y,
    tall,
    `${shape('M78 50L100 30C97 44 97 56 100 70z', darker(colour, 0.15))}${shape('M40 30C48 14 62 18 68 32zM44 70C50 82 58 80 62 70z', darker(colour, 0.2))}${shape('M6 52C18 26 56 20 82 50C56 80 18 76 6 52z', colour)}${stripes}${circle(20, 47, 4.6, '#ffffff')}${circle(19.4, 47, 2.4, '#10141f')}${shape('M30 54q10 10 18 2q-6 -8 -18 -2z', darker(colour, 0.25))}`,
    stage.random.chance(0.5),
  );
};

export const whale: Painter = (stage, x, y, tall) => {
  const colour = darker(mix(stage.palette.top, '#2a4a6b', 0.4), 0.3);
  const spray = many(9, (drop) =>
    ellipse(
      26 + (drop - 4) * 3.4,
      30 - 18 * Math.sin((drop / 8) * 3.14) + Math.abs(drop - 4) * 2,
      1.3,
      2.4,
      '#ffffff',
      'fill-opacity="0.7"',
    ),
  );
  return inBox(
    x,
    y,
    tall,
    `<path d="M26 62C26 48 27 40 26 32" stroke="#ffffff" stroke-opacity="0.6" stroke-width="2" fill="none"/>${spray}${shape('M-14 100C-12 72 10 60 34 62C62 64 76 82 96 74C104 70 106 60 104 52C98 46 92 44 86 44C94 38 104 40 110 46C114 38 124 36 132 40C126 44 120 48 117 54C118 70 116 84 106 94C102 98 98 100 94 100z', colour)}${shape('M-13 92C0 96 20 96 34 100H-14z', mix(colour, '#ffffff', 0.5))}${circle(4, 84, 2, '#0b0f18')}`,
  );
};
