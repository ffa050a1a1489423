import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import helper from 'node-red-node-test-helper';
import { type DeployedFlow, ask, deploy, leave, makeNode, post } from '../../helpers/dialog.js';
import { draftEvents } from '../../helpers/event-stream.js';
import { type AnyMessage, apiKey } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';
import { requireNodeRed } from '../../helpers/node-red-modules.js';

const { events } = requireNodeRed('@node-red/util') as { events: EventEmitter };
const tryId = 'a1b2c3d4e5f60718';
const sample = { payload: 'a red fox' };

describe('the partial images of a try', () => {
  let finished: Buffer;
  let hear: (told: AnyMessage) => void;
  const onComms = ({ topic, data }: AnyMessage): void => {
    if (topic === 'nanogpt-images/draft') hear(data as AnyMessage);
  };

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    finished = await image();
    events.on('comms', onComms);
  });
  afterEach(async () => {
    events.off('comms', onComms);
    await leave();
  });

  async function fetchImage(id: unknown): Promise<Buffer> {
    const { body } = await helper
      .request()
      .get(`/nanogpt-image/images/${String(id)}`)
      .responseType('blob');
    return body as Buffer;
  }

  it('are announced as they come and given out by their ids; the answer has the finished image only', async () => {
    const drafts = await Promise.all([10, 20, 30].map((side) => image('png', side, side)));
    const looked: AnyMessage[] = [];
    let next: () => void = () => undefined;
    hear = ({ id, ...told }) => {
      void fetchImage(id).then((bytes) => {
        looked.push({ ...told, bytes });
        next();
      });
    };
    const { account, service } = await deployStreaming((write) => {
      const left = draftEvents(drafts, finished);
      next = () => write(left.shift()!, left.length === 0);
      next();
    });
    const node = makeNode({ drafts: true });
    const { images, request } = await ask('nanogpt-image/try', { account, apiKey, node, sample, tryId });
    assert.deepEqual(
      looked,
      drafts.map((bytes) => ({ tryId, bytes })),
    );
    assert.equal(images.length, 1);
    assert.ok((await fetchImage(images[0].id)).equals(finished));
    assert.deepEqual([request.body.stream, service.seen.at(-1)!.json.partial_images], [true, 2]);
    assert.deepEqual((await ask('nanogpt-image/dry-run', { account, apiKey, node, sample })).request, request);
  });

  it('give way to newer ones, and those that are no images are passed over', async () => {
    const ids: unknown[] = [];
    hear = ({ id }) => ids.push(id);
    const drafts = [finished, Buffer.from('no image'), finished, finished].map((bytes, index) =>
      Buffer.concat([bytes, Buffer.alloc(index)]),
    );
    const { account } = await deployStreaming((write) =>
      draftEvents(drafts, finished).forEach((event, index, { length }) => write(event, index === length - 1)),
    );
    await ask('nanogpt-image/try', { account, apiKey, node: makeNode({ drafts: true }), sample, tryId });
    const statuses = await Promise.all(
      ids.map(async (id) => (await helper.request().get(`/nanogpt-image/images/${String(id)}`)).status),
    );
    assert.deepEqual(statuses, [404, 200, 200]);
  });

  for (const [what, node, id] of [
    ['the node has them off', { drafts: false }, tryId],
    ['the dialog does not wait for them', { drafts: true }, undefined],
  ] as const) {
    it(`are not asked for where ${what}`, async () => {
      const { account, service } = await deploy(answer([finished]), { account: { service: 'compatible' } });
      await ask('nanogpt-image/try', { account, apiKey, node: makeNode(node), sample, tryId: id });
      assert.equal('stream' in service.seen.at(-1)!.json, false);
    });
  }

  it('belong to a try with an id as the editor makes them', async () => {
    const { account } = await deploy(answer([finished]));
    for (const other of ['', 'a b', 7, 'x'.repeat(41)]) {
      const body = { account, node: makeNode(), sample: {}, tryId: other };
      assert.equal((await post('nanogpt-image/try', body)).status, 400);
    }
  });

  /** Deploys an account with a service that answers in events, as it is told. */
  function deployStreaming(send: (write: (event: string, isLast: boolean) => void) => void): Promise<DeployedFlow> {
    return deploy(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        send((event, isLast) => (isLast ? response.end(event) : response.write(event)));
        return undefined;
      },
      { account: { service: 'compatible' } },
    );
  }
});
