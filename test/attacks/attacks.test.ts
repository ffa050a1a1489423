import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type HostileServer, startHostileServer } from '../helpers/hostile-server.js';
import { addresses, good, goodImage } from '../helpers/server-behaviors.js';
import { type Attack, listAttacks, responseAttacks } from './attacks.js';
import { measured } from './measured.js';
import type { Order, Report } from './target.js';

/** The longest that the event loop should stall, in milliseconds. */
const aim = 50;

/** Where a stall fails the test, in milliseconds beyond that of a good answer: tests run beside others on busy machines. */
const mostStall = 100;

/** Most memory of the process, in bytes; an empty one takes a good part of it. */
const mostMemory = 400_000_000;

describe('an attack', () => {
  let target: ChildProcess;
  let server: HostileServer;
  let baseline: number;
  let isBusy = false;

  before(async function () {
    server = await startHostileServer();
    await startTarget();
  });

  after(async () => {
    target.kill();
    await server.close();
  });

  for (const attack of [...responseAttacks, ...listAttacks]) {
    it(`with ${attack.tried} ends as “${attack.follows}”`, async function () {
      const report = await play(attack);
      for (const [name, value] of Object.entries(attack.report))
        assert.equal(report[name as keyof Report], value, `${name}: ${JSON.stringify(report)}`);
      assert.equal(server.seen.POST, attack.ask ? 0 : 1, 'sent again');
      assert.ok(server.seen.GET <= (attack.downloads ?? Infinity), `${server.seen.GET} downloads`);
      // A collection of garbage may fall into any of them.
      let { stall } = report;
      for (let tries = 1; tries < 4 && stall > aim; tries++) stall = Math.min(stall, (await play(attack)).stall);
      assert.ok(stall <= mostStall + baseline, `${Math.round(stall)} ms, a good answer ${Math.round(baseline)} ms`);
      assert.ok(report.memory < mostMemory, `${Math.round(report.memory / 1e6)} MB`);
      measured.set(attack.tried, { stall, memory: report.memory });
    });
  }

  afterEach(async function () {
    // What has died or hangs must not fail the others.
    if (target.connected && !isBusy) return;
    target.kill('SIGKILL');
    await startTarget();
  });

  /** The first requests load and compile the code, and are no measure. */
  async function startTarget(): Promise<void> {
    target = fork(join(__dirname, 'target.ts'), { execArgv: ['--expose-gc', '--import', 'tsx'] });
    for (let count = 0; count < 3; count++) baseline = (await play({ POST: addresses('/a.png') })).stall;
  }

  async function play({ ask, POST = good, GET = goodImage, connections }: Partial<Attack>): Promise<Report> {
    Object.assign(server.behaviors, { POST, GET });
    Object.assign(server.seen, { POST: 0, GET: 0 });
    let most = 0;
    isBusy = true;
    const watch = setInterval(() => (most = Math.max(most, server.open())), 1);
    try {
      const report = await new Promise<Report>((resolve, reject) => {
        target.once('message', resolve).once('exit', () => reject(new Error('the process died')));
        target.send({ ask: ask ?? 'image', port: server.port } satisfies Order);
      });
      isBusy = false;
      assert.ok(most <= (connections ?? Infinity), `${most} connections at once`);
      return report;
    } finally {
      clearInterval(watch);
      target.removeAllListeners();
    }
  }
});
