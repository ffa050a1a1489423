/**
 * `npm run bench`: builds the package, installs what it is measured against, measures every contender in turn against
 * one server, and prints medians and ratios. `--quick` for a minute or two, `--guard` for allocations only, `--json`
 * for machines, `--rounds N` for more or fewer rounds, `--only PATTERN` for the scenarios whose title matches.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isInstalled } from '../scripts/install.mjs';
import { contenders } from './contenders.mjs';
import { guard } from './guard.mjs';
import { median } from './median.mjs';
import * as plan from './plan.mjs';
import { bars, tables } from './report.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const names = Object.keys(contenders);
const execute = promisify(execFile);

const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const rounds = Number(argument('--rounds') ?? (quick ? 1 : 5));
const memoryRounds = quick ? 1 : Math.max(rounds, 3);
const only = new RegExp(argument('--only') ?? '');
const log = (text) => process.stderr.write(`${text}\n`);

if (!isInstalled(here)) {
  log('Installing what the package is measured against ...');
  await execute('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, shell: process.platform === 'win32' });
}
log('Building ...');
await execute(process.execPath, ['build.mjs'], { cwd: root });

const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const serving = fork(`${here}server.mjs`, { execArgv: ['--import', 'tsx'] });
const [{ origins, certificate }] = await once(serving, 'message');
const certificateFile = join(folder, 'certificate.pem');
await writeFile(certificateFile, certificate);
try {
  if (process.argv.includes('--guard')) process.exitCode = (await guard(measure)) ? 0 : 1;
  else await compare();
} finally {
  serving.kill();
  await rm(folder, { recursive: true });
}

async function compare() {
  const started = new Date();
  const chosen = plan.time.filter(({ title, quick: isQuick }) => (!quick || isQuick) && only.test(title));
  const time = await measureAll(chosen, rounds);
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
    nodeRed: await alone('node-red.mjs', [origins.http], quick ? 1 : rounds),
    history: await history(),
    ...(!quick && { many: await alone('many.mjs', [origins.http], Math.min(rounds, 3)), fit: await fit() }),
  };
  results.bars = bars(results);
  console.log(json ? JSON.stringify(results, null, 2) : tables([results]));
}

/** Each scenario: its medians by contender. In every round all take their turn, each time another begins. */
async function measureAll(scenarios, count) {
  const samples = scenarios.map(() => Object.fromEntries(names.map((name) => [name, []])));
  for (let round = 0; round < count; round++) {
    log(`Round ${round + 1} of ${count} (${scenarios.length} x ${names.length} processes) ...`);
    for (const [index, scenario] of scenarios.entries()) {
      for (const turn of names.keys()) {
        const contender = names[(turn + round) % names.length];
        samples[index][contender].push(await measure({ ...scenario, contender }));
      }
    }
  }
  return scenarios.map((scenario, index) => ({
    ...scenario,
    medians: Object.fromEntries(names.map((name) => [name, medians(samples[index][name])])),
  }));
}

/** One measurement, of answers that the server has ready. */
async function measure(scenario) {
  await prepare(scenario);
  // Allocations are counted between two garbage collections.
  const flags = scenario.what === 'allocations' ? ['--min-semi-space-size=64', '--max-semi-space-size=64'] : [];
  return child('measure.mjs', [JSON.stringify({ ...scenario, server: origins[scenario.origin] })], flags);
}

/**
 * The server makes an answer when it is first asked for it; over http, because the certificate is trusted by the
 * children only.
 */
async function prepare({ n, bytes }) {
  for (const count of [1, n]) {
    const response = await fetch(`${origins.http}/v1/images/generations`, {
      method: 'POST',
      body: JSON.stringify({ prompt: `${bytes} bytes`, n: count }),
    });
    await response.arrayBuffer();
  }
}

/** What concerns this package alone. */
async function alone(file, args, count) {
  const samples = [];
  for (let round = 0; round < count; round++) samples.push(await child(file, args));
  return medians(samples);
}

async function child(file, args, flags = []) {
  const { stdout } = await execute(process.execPath, ['--expose-gc', ...flags, here + file, ...args], {
    env: { ...process.env, no_proxy: '*', NODE_EXTRA_CA_CERTS: certificateFile },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** This package without and with a history, taking turns. */
async function history() {
  const samples = plan.history.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, scenario] of plan.history.entries())
      samples[index].push(await measure({ ...scenario, contender: 'ours' }));
  return samples.map(medians);
}

/** The first time that each fits a photograph, by what `fit.mjs` prints; jimp takes too long to be asked for. */
async function fit() {
  const samples = {};
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await execute(process.execPath, [`${here}fit.mjs`, '--only', 'sharp'], { cwd: root });
    const line = /^(\w+), first time: (\d+) ms, longest stall ([\d.]+) ms, peak RSS (\d+) MB \((\d+) MB before\)/gm;
    for (const [, name, wall, stall, peak, before] of stdout.matchAll(line))
      (samples[name] ??= []).push({ wall: Number(wall), stall: Number(stall), growth: (peak - before) * 1e6 });
  }
  return Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, medians(all)]));
}

function argument(name) {
  const index = process.argv.indexOf(name);
  return index < 0 ? undefined : process.argv[index + 1];
}

function medians(samples) {
  return Object.fromEntries(Object.keys(samples[0]).map((key) => [key, median(samples.map((sample) => sample[key]))]));
}
