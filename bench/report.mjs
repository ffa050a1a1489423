/** The results of one or several runs as Markdown, and what they say about the bars. */
const titles = {
  ours: 'this package',
  openai: '`openai` SDK',
  undici: 'undici + `JSON.parse`',
  drop: 'receive and drop',
};

/**
 * What is to be reached: each with the value, the most it may be, and whether it is. Bars whose scenarios were not run
 * are left out.
 */
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
    .map(([what, values, most]) => {
      const value = Math.max(...values);
      // As it is printed: the digits behind say nothing.
      return { what, value, most, reached: Number(value.toFixed(2)) <= most };
    });
}

/** The bars of several runs: how far each is apart, and whether it was reached in all of them. */
export function barTable(runs) {
  return table(
    ['bar', 'measured', 'at most', ''],
    runs[0].bars.map(({ what, most }) => {
      const found = runs.flatMap(({ bars: all }) => all.filter((bar) => bar.what === what));
      const missed = found.filter(({ reached }) => !reached).length;
      const verdict =
        missed === 0
          ? 'reached'
          : missed === found.length
            ? '**missed**'
            : `**missed** in ${missed} of ${found.length}`;
      return [
        what,
        range(
          found.map(({ value }) => value),
          2,
        ),
        most,
        verdict,
      ];
    }),
  );
}

/** On which machine, when, and how many rounds. */
export function conditions(runs) {
  const dates = [...new Set(runs.map(({ machine }) => machine.date))].join(', ');
  const { cores, node, platform, rounds, memoryRounds } = runs[0].machine;
  const of = runs.length > 1 ? `${runs.length} runs, each of ` : '';
  return `Measured on ${dates}: ${cores} cores, Node.js ${node}, ${platform}; ${of}medians of ${rounds} rounds, for memory of ${memoryRounds} processes.`;
}

/** Everything else, under headings of the given level. */
export function details(runs, level = '###') {
  const [{ memory }] = runs;
  return [
    ...Object.keys(heads).map((measure) => `${level} ${heads[measure]}\n\n${byContender(runs, measure)}`),
    `${level} Growth of peak RSS, in MB (and in lengths of the images)\n\n${table(
      ['', ...Object.values(titles)],
      memory.map(({ title }, index) => [
        title,
        ...Object.keys(titles).map((name) => {
          const found = runs.map((run) => run.memory[index].medians[name]);
          const growth = found.map((medians) => medians.growth / 1e6);
          const lengths = found.map((medians) => medians.lengths);
          return `${range(growth, 1)} (${range(lengths, 2)})`;
        }),
      ]),
    )}`,
    `${level} How cost grows\n\n${growth(runs)}`,
    `${level} The rest\n\n${table(['', ''], rest(runs))}`,
  ].join('\n\n');
}

export function tables(runs) {
  return [conditions(runs), barTable(runs), details(runs)].join('\n\n');
}

const heads = {
  cpu: 'CPU per image, in ms (this package against the others: below 1 is less)',
  wall: 'Time per image, in ms',
  stall: 'Longest stall of the event loop, in ms',
};

/** From the least to the most; one number where there is no difference. */
function range(values, digits) {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return least === most ? least : `${least} to ${most}`;
}

function byContender(runs, measure) {
  const names = Object.keys(titles);
  const rows = runs[0].time.filter(({ start }) => measure !== 'stall' || start === 'warm');
  return table(
    ['', ...names.map((name) => titles[name]), ...names.slice(1).map((name) => `against ${titles[name]}`)],
    rows.map(({ title }) => {
      const found = runs.flatMap(({ time }) => time.filter((scenario) => scenario.title === title));
      const values = (name) => found.map(({ medians }) => medians[name][measure]);
      const ratios = (name) => found.map(({ medians }) => medians.ours[measure] / medians[name][measure]);
      return [
        title,
        ...names.map((name) => range(values(name), 1)),
        ...names.slice(1).map((name) => range(ratios(name), 2)),
      ];
    }),
  );
}

/** CPU for a megabyte of images, which stays the same where cost grows as the images do. */
function growth(runs) {
  const names = Object.keys(titles);
  const base64 = runs[0].time
    .filter(
      ({ origin, start, format, concurrency, input }) =>
        origin === 'https' && start === 'warm' && format === 'b64_json' && concurrency === 1 && !input,
    )
    .sort((one, other) => one.n * one.bytes - other.n * other.bytes);
  return table(
    ['CPU for 1 MB, in ms', ...names.map((name) => titles[name])],
    base64.map(({ title, n, bytes }) => {
      const found = runs.flatMap(({ time }) => time.filter((scenario) => scenario.title === title));
      const cost = (name) => found.map(({ medians }) => (medians[name].cpu / bytes) * 1e6);
      return [`${n} x ${bytes / 1e6} MB`, ...names.map((name) => range(cost(name), 2))];
    }),
  );
}

function rest(runs) {
  const value = (read, digits) => range(runs.map(read), digits);
  const [{ many, fit = {} }] = runs;
  return [
    [
      'requiring what Node-RED requires at its start',
      `${value(({ startUp }) => startUp.wall, 1)} ms, ${value(({ startUp }) => startUp.growth / 1e6, 1)} MB`,
    ],
    ['one small image through the client alone', `${value(({ nodeRed }) => nodeRed.client, 2)} ms`],
    ['the same as a message through the node in Node-RED', `${value(({ nodeRed }) => nodeRed.node, 2)} ms`],
    ...(many
      ? [
          [
            '10,000 small images through the node, 64 at once',
            [
              `${value((run) => run.many.wall, 1)} s`,
              `${value((run) => run.many.cpu, 1)} s of CPU`,
              `${value((run) => run.many.peak / 1e6, 0)} MB`,
              `of which Node-RED before it ${value((run) => (run.many.peak - run.many.growth) / 1e6, 0)}`,
            ].join(', '),
          ],
        ]
      : []),
    ...Object.keys(fit).map((name) => [
      `a camera's 12-megapixel JPEG made to fit, ${name === 'fit' ? 'this package' : name}`,
      [
        `${value((run) => run.fit[name].wall, 0)} ms`,
        `longest stall ${value((run) => run.fit[name].stall, 1)} ms`,
        `${value((run) => run.fit[name].growth / 1e6, 0)} MB`,
      ].join(', '),
    ]),
  ];
}

function table(head, rows) {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
