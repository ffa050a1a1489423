import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ImageError } from '../../src/errors.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../helpers/account-fixture.js';
import { formats, image } from '../helpers/images.js';
import { runs, seed } from '../helpers/random.js';
import { answer, goodBody, raw, wire } from '../helpers/server-behaviors.js';
import { longestStall } from '../helpers/stalls.js';

const { signal } = new AbortController();

/** The longest stall beyond that of good answers, in milliseconds. */
const mostStall = 50;

/** One change to a text of bytes, at a place given as a share of its length. */
interface Damage {
  kind: 'byte' | 'cut' | 'drop' | 'double' | 'insert';
  at: number;
  length: number;
  bytes: Uint8Array;
}

const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('byte', 'cut', 'drop', 'double', 'insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 500 }),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n\n', 'null', '\0', '\\u00', '1e999', '-').map(latin1),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function damaged(bytes: Buffer, changes: Damage[]): Buffer {
  return changes.reduce((before, { kind, at, length, bytes: added }) => {
    const start = Math.floor(at * before.length);
    const [head, piece, tail] = [
      before.subarray(0, start),
      before.subarray(start, start + length),
      before.subarray(start + length),
    ];
    if (kind === 'cut') return head;
    if (kind === 'drop') return Buffer.concat([head, tail]);
    if (kind === 'double') return Buffer.concat([head, piece, piece, tail]);
    if (kind === 'insert') return Buffer.concat([head, added, piece, tail]);
    return Buffer.concat([head, added, before.subarray(start + added.length)]);
  }, bytes);
}

/** The shapes in which services answer. */
function shapes(file: Buffer): Buffer[] {
  const base64 = file.toString('base64');
  const url = `data:image/png;base64,${base64}`;
  const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
  const json = [
    { created: 1, data: [{ b64_json: base64, revised_prompt: 'a fox' }], cost: 0.01, usage: { total_tokens: 100 } },
    { images: [{ url }, { b64_json: base64 }] },
    [{ image: base64 }],
    { data: { b64_json: base64 }, error: { message: 'late', code: 'x' } },
    { choices: [{ message: { images: [{ image_url: { url } }] } }] },
    { error: { message: 'Provider returned error', metadata: { raw: '{"error":{"message":"no"}}' }, code: 400 } },
    { task_id: 'job-1', status: 'queued', detail: [{ loc: ['body', 'size'], msg: 'bad', type: 'value_error' }] },
  ].map((body) => Buffer.from(JSON.stringify(body)));
  const stream = Buffer.from(
    `: hello\n\n${event({ type: 'image_generation.partial_image', b64_json: base64 })}${event({ type: 'image_generation.completed', b64_json: base64 })}data: [DONE]\n\n`,
  );
  return [...json, stream, file];
}

const list = {
  object: 'list',
  data: Array.from({ length: 5 }, (_, index) => ({
    id: `model-${index}`,
    name: `Model ${index}`,
    capabilities: { image_generation: true, image_to_image: true },
    architecture: { input_modalities: ['text', 'image'] },
    pricing: { per_image: { '1024x1024': 0.04, auto: 0.05 }, currency: 'USD' },
    supported_parameters: {
      resolutions: { type: 'enum', values: ['1024x1024', 'auto'] },
      n: { type: 'range', min: 1, max: 4 },
    },
  })),
};

describe(`random damage (seed ${seed})`, () => {
  let fixture: AccountFixture;
  let baseline = 0;
  let answers: Buffer[];

  before(async () => {
    fixture = await startAccountFixture();
    answers = (await Promise.all(formats.map((format) => image(format, 60, 40)))).flatMap(shapes);
    // The first round loads and compiles the code.
    for (const body of answers) await ask(raw(wire(200, body)));
    for (const body of answers) baseline = Math.max(baseline, await longestStall(() => ask(raw(wire(200, body)))));
  });

  after(() => fixture.close());

  it('to answers and images ends as images or as one of our errors, and holds up nothing', async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        damages,
        fc.constantFrom(200, 200, 200, 202, 400, 500),
        async (index, changes, status) => {
          const body = damaged(answers[index % answers.length]!, changes);
          await withinStall(() => ask(raw(wire(status, body))));
        },
      ),
      runs(500),
    );
  });

  it('to lists of models ends as models or as one of our errors, and holds up nothing', async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(damages, async (changes) => {
        fixture.server.behaviors.GET = raw(wire(200, damaged(Buffer.from(JSON.stringify(list)), changes)));
        await withinStall(async () => {
          await fixture.account.models(signal).catch(isOurs);
        });
      }),
      runs(200),
    );
  });

  it('leaves the account as it was', async () => {
    await fixture.heal();
    assert.equal((await fixture.account.generate(foxRequest, { signal })).images.length, goodBody.data.length);
    fixture.server.behaviors.GET = answer(200, list);
    assert.equal((await fixture.account.models(signal)).length, list.data.length);
  });

  async function ask(behavior: AccountFixture['server']['behaviors']['POST']): Promise<void> {
    fixture.server.behaviors.POST = behavior;
    await fixture.account
      .generate(foxRequest, { signal })
      .then(({ images }) => assert.ok(images.length > 0 && images.every(({ bytes }) => bytes.length > 0)), isOurs);
  }

  /** A collection of garbage may fall into any of them, so that only what stalls twice counts. */
  async function withinStall(action: () => Promise<void>): Promise<void> {
    let stall = await longestStall(action);
    for (let tries = 1; tries < 3 && stall > mostStall + baseline; tries++) stall = await longestStall(action);
    assert.ok(stall <= mostStall + baseline, `${Math.round(stall)} ms, good answers ${Math.round(baseline)} ms`);
  }
});

function isOurs(error: unknown): void {
  assert.ok(error instanceof ImageError && error.message.length > 10, String(error));
}
