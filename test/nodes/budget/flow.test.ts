import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { type AnyMessage, type ServedFlow, apiKey, serve, unload } from '../../helpers/flow.js';
import type { Reply, Seen } from '../../helpers/service.js';
import { list } from '../../helpers/priced-service.js';

/** The smallest PNG, of one pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const priced = ({ method }: Seen): Reply =>
  method === 'GET' ? { body: list } : { body: { data: [{ b64_json: png }], cost: 0.1, paymentSource: 'USD' } };

/** A flow with an image node and one that asks what was spent, both with the same account. */
function start(account: AnyMessage = {}, reply: (seen: Seen) => Reply = priced): Promise<ServedFlow> {
  const more = [
    {
      id: 'ask',
      type: 'nanogpt-info',
      account: 'account',
      ask: 'spending',
      wires: [['answer']],
      z: 'tab',
      x: 100,
      y: 100,
    },
    { id: 'answer', type: 'helper', z: 'tab', x: 100, y: 100 },
  ];
  return serve(reply, { account: { model: 'hidream', budget: 0.25, budgetPeriod: 'month', ...account }, more });
}

function spending(): Promise<AnyMessage> {
  return new Promise((resolve) => {
    (helper.getNode('answer') as unknown as NodeJS.EventEmitter).once('input', resolve);
    (helper.getNode('ask') as unknown as { receive(message: object): void }).receive({ payload: '?', topic: 'kept' });
  });
}

describe('a flow whose account has a budget', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(unload);

  it('ends what does not fit at a Catch node, and says what is spent of what', async () => {
    const flow = await start();
    const { out, caught } = await flow.send({ payload: 'a' }, { payload: 'b' }, { payload: 'c' }, { payload: 'd' });
    assert.deepEqual([out.length, caught.length], [2, 2]);
    const { error, failure } = caught[0] as AnyMessage;
    assert.equal(error.code, 'budget_exceeded');
    assert.match(error.message, /0\.2 of 0\.25 USD .* until \d{4}-\d\d-01 00:00/);
    assert.deepEqual([failure.code, failure.charged, failure.retryable], ['budget_exceeded', 'no', false]);
    assert.equal(flow.service.seen.filter(({ method }) => method === 'POST').length, 2);
  });

  it('tells what was spent', async () => {
    const flow = await start();
    await flow.send({ payload: 'a' }, { payload: 'b' });
    const { payload, topic } = await spending();
    assert.deepEqual(
      [payload, topic],
      [{ hour: 0.2, day: 0.2, month: 0.2, byModel: { hidream: 0.2 }, unknown: 0 }, 'kept'],
    );
  });

  it('reports no spending at first, and asks the service for nothing', async () => {
    const flow = await start();
    assert.deepEqual((await spending()).payload, { hour: 0, day: 0, month: 0, byModel: {}, unknown: 0 });
    assert.equal(flow.service.seen.length, 0);
  });

  it('asks for no prices without a budget', async () => {
    const flow = await start({ budget: '' });
    await flow.send({ payload: 'a' });
    assert.deepEqual(
      flow.service.seen.map(({ method }) => method),
      ['POST'],
    );
    assert.equal((await spending()).payload.month, 0.1);
  });

  const texts: [budget: unknown, made: number][] = [
    ['0.25', 2],
    [' 0.1 ', 1],
    ['', 3],
    ['   ', 3],
    [null, 3],
    [0, 0],
    ['0', 0],
  ];
  for (const [budget, made] of texts) {
    it(`takes ${JSON.stringify(budget)} for a budget ${made === 3 ? 'without limit' : `for ${made}`}`, async () => {
      const flow = await start({ budget });
      const { out, caught } = await flow.send({ payload: 'a' }, { payload: 'b' }, { payload: 'c' });
      assert.deepEqual([out.length, caught.length], [made, 3 - made]);
    });
  }

  for (const budget of ['much', '-1', '0,25', '${NOT_SET_ANYWHERE}']) {
    it(`sends nothing where the budget is ${budget}`, async () => {
      const flow = await start({ budget });
      const { caught } = await flow.send({ payload: 'a' });
      assert.equal(caught[0]?.error.code, 'not_configured');
      assert.match(caught[0]?.error.message, /budget/);
      assert.equal(flow.service.seen.length, 0);
    });
  }

  describe('with a variable that is empty', () => {
    before(() => (process.env.NANOGPT_TEST_EMPTY = ''));
    after(() => delete process.env.NANOGPT_TEST_EMPTY);

    for (const field of [
      'budget',
      'budgetPeriod',
      'baseUrl',
      'model',
      'timeout',
      'perMinute',
      'retryUnknown',
      'history',
    ]) {
      it(`sends nothing where that is ${field}`, async () => {
        const flow = await start({ [field]: '${NANOGPT_TEST_EMPTY}' });
        const [failed] = (await flow.send({ payload: 'a' })).caught;
        assert.equal(failed?.error.code, 'not_configured');
        assert.match(failed?.error.message, new RegExp(`“${field}”.*\\$\\{NANOGPT_TEST_EMPTY\\}`));
        assert.equal(flow.service.seen.length, 0);
      });
    }
  });

  it('sends nothing where the period is none', async () => {
    const flow = await start({ budgetPeriod: 'week' });
    assert.equal((await flow.send({ payload: 'a' })).caught[0]?.error.code, 'not_configured');
    assert.equal(flow.service.seen.length, 0);
  });

  it('warns where the price is unknown', async () => {
    const flow = await start({ model: 'secretive' });
    const { out } = await flow.send({ payload: 'a' });
    assert.match(String(out[0]?.generation.warnings), /price of this model is not known/);
    assert.equal(flow.warnings.length, 1);
  });

  describe('shows its dialog', () => {
    /** What the route says of an account that the editor has with these settings. */
    async function shown(flow: ServedFlow, id: string, settings: AnyMessage = {}): Promise<AnyMessage> {
      const account = {
        id,
        service: 'nanogpt',
        baseUrl: flow.service.url,
        retries: 0,
        perMinute: 0,
        model: 'hidream',
        budget: 0.25,
        budgetPeriod: 'month',
        ...settings,
      };
      const { status, body, text } = (await helper
        .request()
        .post('/nanogpt-config/models')
        .send({ account })) as unknown as AnyMessage;
      assert.ok(status === 200 && !String(text).includes(apiKey));
      return body as AnyMessage;
    }

    it('what was spent, that it is kept in memory only, and no key', async () => {
      const flow = await start();
      await flow.send({ payload: 'a' });
      assert.deepEqual((await shown(flow, 'account')).spending, {
        hour: 0.1,
        day: 0.1,
        month: 0.1,
        unknown: 0,
        inMemory: true,
      });
    });

    it('what was spent where the settings are changed but not deployed', async () => {
      const flow = await start();
      await flow.send({ payload: 'a' });
      assert.equal((await shown(flow, 'account', { budget: 5, timeout: 10 })).spending.month, 0.1);
    });

    for (const [what, id] of Object.entries({
      'an account that is not deployed': 'new',
      'a node of another kind': 'ask',
      'a name of Object': '__proto__',
    })) {
      it(`nothing spent by ${what}`, async () => {
        assert.deepEqual((await shown(await start(), id)).spending, {
          hour: 0,
          day: 0,
          month: 0,
          unknown: 0,
          inMemory: true,
        });
      });
    }

    it('the problem of an account that cannot work', async () => {
      const { spending, problem } = await shown(await start({ budget: 'much' }), 'account', { budget: 'much' });
      assert.deepEqual([spending, problem.key, problem.params.field], [undefined, 'bad_setting', 'budget']);
    });
  });
});
