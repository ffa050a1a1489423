/** The results as Markdown, and what they say about the bars. */
const titles = {
  ours: 'this package',
  openai: '`openai` SDK',
  undici: 'undici + `JSON.parse`',
  drop: 'receive and drop',
};

/** What is to be reached: each with the value, the most it may be, and whether it is. Bars whose scenarios were not run are left out. */
export function bars({ time, memory, startUp, nodeRed, history, many, fit }) {
  const https = time.filter(({ origin, format, input }) => origin === 'https' && format === 'b64_json' && !input);
  const warm = https.filter(({ start }) => start === 'warm');
  const one = (n, concurrency = 1) =>
    warm.filter((each) => each.n === n && each.bytes === 2_800_000 && each.concurrency === concurrency);
  const several = [...one(4), ...one(10)];
  const edits = time.filter(({ input }) => input);
  const ratio =
    (other, measure = 'cpu') =>
    ({ medians }) =>
      medians.ours[measure] / medians[other][measure];
  const [single, parallel] = memory.map(({ medians }) => medians.ours.lengths);
  return [
    ['CPU against hand-written, warm', warm.filter(({ bytes }) => bytes > 100_000).map(ratio('undici')), 0.9],
    ['the same, images of 0.1 MB', warm.filter(({ bytes }) => bytes === 100_000).map(ratio('undici')), 1],
    ['the same, cold', https.filter(({ start }) => start === 'cold').map(ratio('undici')), 1.2],
    ['CPU against the `openai` SDK, n = 4 and 10', several.map(ratio('openai')), 0.45],
    ['CPU against receiving and dropping, n = 4 and 10', several.map(ratio('drop')), 1.5],
    ['longest stall against receiving and dropping, n = 10', one(10).map(ratio('drop', 'stall')), 1.3],
    ['longest stall in ms, n = 4, 8 requests at once', one(4, 8).map(({ medians }) => medians.ours.stall), 40],
    ['growth of peak RSS in lengths of the images, n = 10', [single], 1.2],
    ['the same, n = 4, 8 requests at once', [parallel], 1.4],
    ['CPU against hand-written, an input of 3 MB', edits.map(ratio('undici')), 0.7],
    ['CPU with a history in memory against without', [history[1].cpu / history[0].cpu], 1.15],
    ["time to fit a camera's JPEG against sharp", fit ? [fit.fit.wall / fit.sharp.wall] : [], 1.05],
    ['growth of peak RSS for it against sharp', fit ? [fit.fit.growth / fit.sharp.growth] : [], 1],
    ['10,000 small images through the node, 64 at once, in s', many ? [many.wall] : [], 6],
    ['the same, peak RSS in MB', many ? [many.peak / 1e6] : [], 180],
    ['requiring the nodes, in ms', [startUp.wall], 5],
    ['requiring the nodes, RSS in MB', [startUp.growth / 1e6], 2],
    ['a message through the node over the bare client, in ms', [nodeRed.node - nodeRed.client], 1],
  ]
    .filter(([, values]) => values.length > 0)
    .map(([what, values, most]) => ({ what, value: Math.max(...values), most, reached: Math.max(...values) <= most }));
}

export function tables({ machine, time, memory, startUp, nodeRed, many, fit, bars: all }) {
  const { cores, node, platform, date, rounds, memoryRounds } = machine;
  return [
    `Measured on ${date}: ${cores} cores, Node.js ${node}, ${platform}; medians of ${rounds} rounds, for memory of ${memoryRounds} processes.`,
    table(
      ['bar', 'measured', 'at most', ''],
      all.map(({ what, value, most, reached }) => [what, value.toFixed(2), most, reached ? 'reached' : '**missed**']),
    ),
    ...['cpu', 'wall', 'stall'].map((measure) => `${heads[measure]}\n\n${byContender(time, measure)}`),
    `Growth of peak RSS, in MB (and in lengths of the images)\n\n${table(
      ['', ...Object.values(titles)],
      memory.map(({ title, medians }) => [
        title,
        ...Object.keys(titles).map(
          (name) => `${(medians[name].growth / 1e6).toFixed(1)} (${medians[name].lengths.toFixed(2)})`,
        ),
      ]),
    )}`,
    `How cost grows\n\n${growth(time)}`,
    `The rest\n\n${table(['', ''], rest(startUp, nodeRed, many, fit))}`,
  ].join('\n\n');
}

const heads = {
  cpu: 'CPU per image, in ms (this package against the others: below 1 is less)',
  wall: 'Time per image, in ms',
  stall: 'Longest stall of the event loop, in ms',
};

function byContender(scenarios, measure) {
  const names = Object.keys(titles);
  return table(
    ['', ...names.map((name) => titles[name]), ...names.slice(1).map((name) => `against ${titles[name]}`)],
    scenarios.map(({ title, medians }) => {
      const values = names.map((name) => medians[name][measure]);
      return [
        title,
        ...values.map((value) => value.toFixed(1)),
        ...values.slice(1).map((value) => (values[0] / value).toFixed(2)),
      ];
    }),
  );
}

/** CPU for a megabyte of images, which stays the same where cost grows as the images do. */
function growth(time) {
  const names = Object.keys(titles);
  const base64 = time
    .filter(
      ({ origin, start, format, concurrency, input }) =>
        origin === 'https' && start === 'warm' && format === 'b64_json' && concurrency === 1 && !input,
    )
    .sort((one, other) => one.n * one.bytes - other.n * other.bytes);
  return table(
    ['CPU for 1 MB, in ms', ...names.map((name) => titles[name])],
    base64.map(({ n, bytes, medians }) => [
      `${n} x ${bytes / 1e6} MB`,
      ...names.map((name) => ((medians[name].cpu / bytes) * 1e6).toFixed(2)),
    ]),
  );
}

function rest(startUp, nodeRed, many, fit) {
  return [
    [
      'requiring what Node-RED requires at its start',
      `${startUp.wall.toFixed(1)} ms, ${(startUp.growth / 1e6).toFixed(1)} MB`,
    ],
    ['one small image through the client alone', `${nodeRed.client.toFixed(2)} ms`],
    ['the same as a message through the node in Node-RED', `${nodeRed.node.toFixed(2)} ms`],
    ...(many
      ? [
          [
            '10,000 small images through the node, 64 at once',
            `${many.wall.toFixed(1)} s, ${many.cpu.toFixed(1)} s of CPU, ${(many.peak / 1e6).toFixed(0)} MB, of which Node-RED before it ${((many.peak - many.growth) / 1e6).toFixed(0)}`,
          ],
        ]
      : []),
    ...Object.entries(fit ?? {}).map(([name, { wall, stall, growth }]) => [
      `a camera's 12-megapixel JPEG made to fit, ${name === 'fit' ? 'this package' : name}`,
      `${wall} ms, longest stall ${stall.toFixed(1)} ms, ${(growth / 1e6).toFixed(0)} MB`,
    ]),
  ];
}

function table(head, rows) {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
