import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { type RedeployFixture, startRedeployFixture } from '../helpers/redeploy-fixture.js';
import { type Redeploy, table } from './table.js';

const settings = { runtimeState: { enabled: true, ui: false } };
const holdUp = { NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'hold-up.cjs'))}` };
/** Node-RED itself gives up on a node that does not close after 15 s. */
const longest = 3000;

describe('a redeploy while an image is made', function () {
  let nodeRed: RunningNodeRed;
  const beside = new Map<Redeploy, Promise<Played>>();

  before(async () => {
    for (const row of table.filter(({ isSlow }) => isSlow)) beside.set(row, playAlone(row));
    nodeRed = await startNodeRed({ settings, env: holdUp });
  });
  after(() => Promise.all([nodeRed?.stop(), Promise.allSettled(beside.values())]));

  for (const row of table) {
    const { redeploy, saw, out, log, completed = out.startsWith('the image') ? 1 : 0 } = row;
    it(`${redeploy}: ${out}`, async () => {
      const { duration, ...played } = await (beside.get(row) ?? play(nodeRed, row));
      assert.deepEqual(played, { saw, out, log, completed });
      assert.ok(duration < longest || row.isSlow, `the deploy took ${Math.round(duration)} ms`);
    });
  }
});

/** What was seen of one row. */
interface Played extends Pick<Redeploy, 'saw' | 'out' | 'log' | 'completed'> {
  /** Of the deploy, in milliseconds. */
  duration: number;
}

async function play(nodeRed: RunningNodeRed, row: Redeploy): Promise<Played> {
  const { flow, messages = 1, requests = messages, happens, status } = row;
  const fixture = await startRedeployFixture(nodeRed, flow);
  try {
    await fixture.ask(messages, requests);
    const start = performance.now();
    await happens(fixture);
    const duration = performance.now() - start;
    await follow(fixture, row, status);
    if (nodeRed.isRunning()) await fixture.settled();
    return { duration, saw: fixture.saw(), out: fixture.out(), log: fixture.log(), completed: fixture.completed() };
  } finally {
    await fixture.service.close();
  }
}

/** Lets the service answer where it is to, and waits until that, or the cut, has come through. */
async function follow(fixture: RedeployFixture, { saw }: Redeploy, status?: number): Promise<void> {
  if (saw.endsWith('cut off')) return fixture.cut(1);
  fixture.answer(status);
  await fixture.reported(/\[function:(?:old|fresh|caught)\]/);
}

/** Plays in a Node-RED of its own; the failure, if any, is for the test that awaits it later. */
function playAlone(row: Redeploy): Promise<Played> {
  const played = startNodeRed({ settings }).then((nodeRed) => play(nodeRed, row).finally(() => nodeRed.stop()));
  played.catch(() => undefined);
  return played;
}
