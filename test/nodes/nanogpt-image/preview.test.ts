import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import helper from 'node-red-node-test-helper';
import { draftEvents } from '../../helpers/event-stream.js';
import { type AnyMessage, type ServedFlow, serve, unload } from '../../helpers/flow.js';
import { requireNodeRed } from '../../helpers/node-red-modules.js';
import { answer, image } from '../../helpers/images.js';

/** What goes to all editors. */
interface Told {
  topic: string;
  data: AnyMessage;
  retain: boolean;
}

const { events } = requireNodeRed('@node-red/util') as { events: EventEmitter };

describe('the preview under an image node', () => {
  let flow: ServedFlow;
  let told: Told[];
  const hear = (what: Told): unknown => told.push(what);

  before(() => helper.startServer());
  after(() => helper.stopServer());

  beforeEach(() => {
    told = [];
    events.on('comms', hear);
  });

  afterEach(async () => {
    events.off('comms', hear);
    await unload();
  });

  async function start(account: AnyMessage = {}, node: AnyMessage = {}): Promise<void> {
    flow = await serve(answer([await image('png', 300, 200)]), { account, node });
  }

  const previews = async (): Promise<AnyMessage[]> =>
    (await helper.request().get('/nanogpt-image/previews')).body.previews as AnyMessage[];

  for (const history of ['off', 'memory'])
    it(`can be fetched small, in full and described by its id, with history: ${history}`, async () => {
      await start({ history });
      await flow.send({ payload: 'a fox' }, { payload: 'two foxes' });
      const { id, ...where } = (await previews()).find(({ node }) => node === 'node')!;
      assert.deepEqual(where, { node: 'node', instance: 'tab' });
      const path = encodeURIComponent(String(id));
      const { body: item } = await helper.request().get(`/nanogpt-image/history/${path}`);
      assert.deepEqual([item.account, item.width, item.height], ['account', 300, 200]);
      const thumbnail = await helper.request().get(`/nanogpt-image/thumbnails/${path}`);
      assert.equal(thumbnail.headers['content-type'], 'image/webp');
      const full = await helper.request().get(`/nanogpt-image/images/${path}`);
      assert.deepEqual([full.status, full.headers['content-type']], [200, 'image/png']);
    });

  it('is told with three ids only, at most once a second, whatever a node makes', async () => {
    await start();
    const began = performance.now();
    await flow.send(...Array.from({ length: 50 }, (_, index) => ({ payload: `fox ${index}` })));
    const ticks = told.filter(({ topic }) => topic === 'nanogpt-images/preview');
    const changes = told.filter(({ topic }) => topic === 'nanogpt-images/change');
    // What the test before has made may still be told.
    const most = 5 + (performance.now() - began) / 1000;
    assert.ok(ticks.length <= most && changes.length <= most, `${ticks.length} ticks, ${changes.length} changes`);
    for (const { data, retain } of ticks) {
      assert.deepEqual([Object.keys(data), retain], [['node', 'instance', 'id'], false]);
      assert.ok(JSON.stringify(data).length < 200);
    }
  });

  it('is not there where the node does not want it', async () => {
    await start({ history: 'off' }, { preview: false, name: 'hidden' });
    const before = JSON.stringify(await previews());
    await flow.send({ payload: 'a fox' });
    assert.equal(JSON.stringify(await previews()), before);
  });
});

describe('the drafts of an image node', () => {
  const shown: Buffer[] = [];

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(() => void shown.splice(0));
  afterEach(unload);

  /** A service that sends one event at a time, each when the draft before it was looked at. */
  async function startDrafting(
    account: AnyMessage,
    node: AnyMessage,
    drafts: Buffer[],
    finished: Buffer,
  ): Promise<ServedFlow> {
    const look = async ({ topic, data }: Told, next: () => void): Promise<void> => {
      if (topic !== 'nanogpt-images/preview') return;
      const { status, body } = await helper
        .request()
        .get(`/nanogpt-image/images/${String(data.id)}`)
        .responseType('blob');
      // What the test before has made may still be told.
      if (status !== 200) return;
      shown.push(body as Buffer);
      next();
    };
    return serve(
      (_, response) => {
        const events_ = draftEvents(drafts, finished);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const next = (): void => {
          const event = events_.shift();
          if (event !== undefined) response.write(event);
          if (events_.length === 0) response.end();
        };
        const listener = (told: Told): void => void look(told, next);
        events.on('comms', listener);
        response.on('close', () => events.off('comms', listener));
        next();
        return undefined;
      },
      { account, node },
    );
  }

  it('are shown as they come, and never reach the flow', async () => {
    const [first, second, finished] = await Promise.all([
      image('png', 10, 10),
      image('png', 20, 20),
      image('png', 30, 30),
    ]);
    const flow = await startDrafting({ service: 'compatible' }, { drafts: true }, [first, second], finished);
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual(out.map(({ payload }) => payload), [finished]); // prettier-ignore
    assert.deepEqual(shown.slice(0, 2), [first, second]);
    const { stream, partial_images } = flow.service.seen.at(-1)!.json;
    assert.deepEqual([stream, partial_images], [true, 2]);
  });

  for (const [what, account, node] of [
    ['where the node does not want them', { service: 'compatible' }, {}],
    ['where it has no preview', { service: 'compatible' }, { drafts: true, preview: false }],
    ['of NanoGPT, which sends none', {}, { drafts: true }],
  ] as const) {
    it(`are not asked for ${what}`, async () => {
      const flow = await serve(answer([await image()]), { account, node });
      await flow.send({ payload: 'a fox' });
      assert.equal('stream' in flow.service.seen.at(-1)!.json, false);
    });
  }
});

describe('a node that reuses', () => {
  afterEach(unload);

  it('is refused where the account keeps no history, before anything is sent', async () => {
    const flow = await serve(answer([await image()]), { account: { history: 'off' }, node: { reuse: '2' } });
    const { caught } = await flow.send({ payload: 'a fox' });
    const { code, charged } = caught[0]?.failure as AnyMessage;
    assert.deepEqual([code, charged, flow.service.seen.length], ['invalid_input', 'no', 0]);
    assert.match(String(caught[0]?.error.message), /history, which is off/);
  });
});
