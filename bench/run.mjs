/**
 * `npm run bench`: builds the package, installs what it is measured against, measures everybody in alternation against one server, and
 * prints medians and ratios. `--quick` for a smoke test of a minute, `--json` for machines, `--rounds N` for more or fewer rounds.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isInstalled } from '../scripts/install.mjs';
import { contenders } from './contenders.mjs';
import { median } from './median.mjs';
import * as plan from './plan.mjs';
import { bars, tables } from './report.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const names = Object.keys(contenders);
const execute = promisify(execFile);

const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const given = process.argv.indexOf('--rounds');
const rounds = given < 0 ? (quick ? 1 : 5) : Number(process.argv[given + 1]);
const memoryRounds = quick ? 1 : Math.max(rounds, 7);
const say = (text) => process.stderr.write(`${text}\n`);

if (!isInstalled(here)) {
  say('Installing what the package is measured against ...');
  await execute('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, shell: process.platform === 'win32' });
}
say('Building ...');
await execute(process.execPath, ['build.mjs'], { cwd: root });

const serving = fork(`${here}server.mjs`);
const [server] = await once(serving, 'message');
try {
  const started = new Date();
  const time = await measureAll(
    quick ? plan.time.filter(({ concurrency, input }) => concurrency === 1 || input) : plan.time,
    rounds,
  );
  const memory = await measureAll(plan.memory, memoryRounds);
  const results = {
    machine: {
      cores: cpus().length,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      date: started.toISOString().slice(0, 10),
      rounds,
      memoryRounds,
    },
    time,
    memory,
    startUp: await alone('start-up.mjs', [], quick ? 3 : 15),
    nodeRed: await alone('node-red.mjs', [server], quick ? 1 : rounds),
    ...(!quick && { fit: await fit() }),
  };
  results.bars = bars(results);
  console.log(json ? JSON.stringify(results, null, 2) : tables(results));
} finally {
  serving.kill();
}

/** Each scenario: its medians by contender. In every round all take their turn, each time another begins. */
async function measureAll(scenarios, count) {
  const samples = scenarios.map(() => Object.fromEntries(names.map((name) => [name, []])));
  for (const scenario of scenarios) await prepare(scenario);
  for (let round = 0; round < count; round++) {
    say(`Round ${round + 1} of ${count} (${scenarios.length} x ${names.length} processes) ...`);
    for (const [index, scenario] of scenarios.entries()) {
      for (const turn of names.keys()) {
        const contender = names[(turn + round) % names.length];
        samples[index][contender].push(
          await child('measure.mjs', [JSON.stringify({ ...scenario, contender, server })]),
        );
      }
    }
  }
  return scenarios.map((scenario, index) => ({
    ...scenario,
    medians: Object.fromEntries(names.map((name) => [name, medians(samples[index][name])])),
  }));
}

/** What concerns this package alone. */
async function alone(file, args, count) {
  const samples = [];
  for (let round = 0; round < count; round++) samples.push(await child(file, args));
  return medians(samples);
}

/** The server makes an answer when it is first asked for it. */
async function prepare({ n, bytes, format = 'b64_json' }) {
  for (const count of [1, n]) {
    const answer = await fetch(`${server}/v1/images/generations`, {
      method: 'POST',
      body: JSON.stringify({ prompt: `${bytes} bytes`, n: count, response_format: format }),
    });
    await answer.arrayBuffer();
  }
}

async function child(file, args) {
  const { stdout } = await execute(process.execPath, ['--expose-gc', here + file, ...args], {
    env: { ...process.env, no_proxy: '*' },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** The first time that each way fits a photograph, by what `fit.mjs` prints. */
async function fit() {
  const { stdout } = await execute(process.execPath, [`${here}fit.mjs`], { cwd: root });
  const line = /^(\w+), first time: (\d+) ms, longest stall ([\d.]+) ms, peak RSS (\d+) MB \((\d+) MB before\)/gm;
  return Object.fromEntries(
    [...stdout.matchAll(line)].map(([, name, wall, stall, peak, before]) => [
      name,
      { wall: Number(wall), stall: Number(stall), growth: (Number(peak) - Number(before)) * 1e6 },
    ]),
  );
}

function medians(samples) {
  return Object.fromEntries(Object.keys(samples[0]).map((key) => [key, median(samples.map((sample) => sample[key]))]));
}
