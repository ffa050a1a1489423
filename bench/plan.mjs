/**
 * What is measured: each scenario with every contender, each time in a
 * process of its own. `quick` marks those of a quick run.
 */
const image = 2_800_000;

const megabytes = (size) => `${size / 1e6} MB`;

/** A scenario of time; without anything said: over https, warm, one request at a time, the images in the answer. */
function scenario({
  n,
  bytes = image,
  origin = 'https',
  concurrency = 1,
  start = 'warm',
  format = 'b64_json',
  ...rest
}) {
  const title = [
    ...(origin === 'https' ? [] : [origin === 'http' ? 'plain http' : 'records of 1.4 KB']),
    ...(start === 'cold' ? ['cold'] : []),
    ...(format === 'url' ? ['addresses'] : []),
    ...(rest.input ? [`an input of ${megabytes(rest.input)}`] : []),
    `n = ${n} of ${megabytes(bytes)}`,
    ...(concurrency > 1 ? [`${concurrency} requests at once`] : []),
  ].join(', ');
  // Enough images that a process is busy for about a second, and never so few that one request decides.
  const requests = start === 'cold' ? 1 : Math.ceil(60e6 / (n * concurrency * (bytes + 400_000)));
  return { title, what: 'time', n, bytes, origin, concurrency, start, format, requests, ...rest };
}

export const time = [
  scenario({ n: 1, quick: true }),
  scenario({ n: 4, quick: true }),
  scenario({ n: 10, quick: true }),
  ...[1, 4, 10].map((n) => scenario({ n, concurrency: 8 })),
  scenario({ n: 1, bytes: 100_000, quick: true }),
  scenario({ n: 10, bytes: 100_000 }),
  scenario({ n: 1, bytes: 500_000 }),
  scenario({ n: 1, bytes: 8e6, quick: true }),
  scenario({ n: 4, bytes: 8e6 }),
  scenario({ n: 1, bytes: 16e6 }),
  scenario({ n: 1, start: 'cold', quick: true }),
  scenario({ n: 4, start: 'cold' }),
  scenario({ n: 1, bytes: 100_000, start: 'cold' }),
  scenario({ n: 1, origin: 'packets' }),
  scenario({ n: 4, origin: 'packets', quick: true }),
  ...[1, 4, 10].map((n) => scenario({ n, origin: 'http', quick: n === 4 })),
  scenario({ n: 4, format: 'url' }),
  scenario({ n: 1, input: 2_990_000, quick: true }),
];

export const memory = [
  { title: 'n = 10 of 2.8 MB', what: 'memory', n: 10, bytes: image, origin: 'https' },
  { title: 'n = 4 of 2.8 MB, 8 requests at once', what: 'memory', n: 4, bytes: image, origin: 'https', concurrency: 8 },
];

/** This package alone, without and with the newest images kept in memory. */
export const history = ['off', 'memory'].map((kept) => ({ ...scenario({ n: 4 }), history: kept }));
