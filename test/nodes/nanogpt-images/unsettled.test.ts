import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { type DeployedFlow, deploy, leave, post } from '../../helpers/dialog.js';
import type { AnyMessage } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';
import type { Reply, Seen } from '../../helpers/service.js';

describe('requests of unknown outcome in the editor', () => {
  let flow: DeployedFlow;
  /** What the service tells of the balance, and whether it answers. */
  let balance: number;
  let isBroken: boolean;

  before(() => helper.startServer());
  after(() => helper.stopServer());

  beforeEach(async () => {
    [balance, isBroken] = [5, false];
    const bytes = await image();
    const reply = ({ path }: Seen): Reply => {
      if (path.includes('balance')) return { body: { usd_balance: String(balance) } };
      if (isBroken) return { status: 500, body: {} };
      return answer([bytes], { cost: 0.5, paymentSource: 'USD', remainingBalance: balance });
    };
    flow = await deploy(reply, { account: { model: 'hidream' } });
  });
  afterEach(leave);

  const get = async (path: string): Promise<AnyMessage> =>
    (await helper.request().get(`/nanogpt-image/${path}`)).body as AnyMessage;
  const list = async (): Promise<AnyMessage[]> => (await get('unsettled')).unsettled as AnyMessage[];
  const settle = (body: AnyMessage): ReturnType<typeof post> => post('nanogpt-image/settle', body);

  /** Loses the answer of one request, for which the balance fell by so much. */
  async function lose(fell: number): Promise<AnyMessage> {
    isBroken = true;
    await flow.send({ payload: 'a lost fox' });
    [isBroken, balance] = [false, balance - fell];
    return (await list())[0]!;
  }

  it('are listed with what was asked, when and by which node', async () => {
    const { id, time, ...request } = await lose(0.5);
    assert.deepEqual(
      [typeof id, Date.now() - Number(time) < 60_000, request],
      ['string', true, { accountId: 'account', nodeId: 'node', prompt: 'a lost fox', model: 'hidream', n: 1, currency: 'USD' }], // prettier-ignore
    );
  });

  for (const [fell, difference] of [
    [0.5, 0.5],
    [0, 0],
  ] as const)
    // prettier-ignore
    it(`show that the balance fell by ${fell} where it was known before, and are then settled`, async () => {
      await flow.send({ payload: 'a fox' });
      const request = await lose(fell);
      assert.equal(request.difference, difference);
      const verdict = difference > 0 ? { made: true, cost: difference } : { made: false };
      const { body } = await settle({ accountId: 'account', id: request.id, ...verdict });
      assert.deepEqual([body, await list()], [{ settled: true }, []]);
      const { accounts } = await get('spending');
      const { day, unknown } = (accounts as AnyMessage[]).find(({ id }) => id === 'account')!.spending;
      assert.deepEqual([day, unknown], [0.5 + fell, 0]);
    });

  const bad: [what: string, body: AnyMessage, status: number][] = [
    ['without an id', { accountId: 'account', made: true }, 400],
    ['without a verdict', { accountId: 'account', id: 'x' }, 400],
    ['with a negative cost', { accountId: 'account', id: 'x', made: true, cost: -1 }, 400],
    ['of an account that is not deployed', { accountId: 'other', id: 'x', made: true }, 404],
  ];
  for (const [what, body, status] of bad)
    it(`are not settled ${what}`, async () => assert.equal((await settle(body)).status, status));
});

describe('the history of an account', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  it('is emptied by a command', async () => {
    const flow = await deploy(answer([await image()]));
    await flow.send({ payload: 'a fox' });
    const count = async (): Promise<number> =>
      ((await helper.request().get('/nanogpt-image/history')).body.items as AnyMessage[]).filter(
        ({ account }) => account === 'account',
      ).length;
    assert.equal(await count(), 1);
    const { body } = await post('nanogpt-image/clear-history', { accountId: 'account' });
    assert.deepEqual([body, await count()], [{ cleared: true }, 0]);
    assert.equal((await post('nanogpt-image/clear-history', { accountId: 'unknown' })).status, 404);
    assert.equal((await post('nanogpt-image/clear-history', {})).status, 400);
  });
});
