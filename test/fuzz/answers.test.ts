import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ImageError } from '../../src/errors.js';
import { goodBody, partly, png, wire } from '../helpers/server-behaviors.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../helpers/account-fixture.js';
import { runs } from '../helpers/random.js';

const { signal } = new AbortController();

/** Any address; all lead through the proxy of the test, those of this machine must lead nowhere. */
const addresses = fc.oneof(
  fc.webUrl(),
  fc.constantFrom('/a.png', 'http://127.0.0.1/', 'file:///etc/passwd', 'data:image/png;base64,AAAA', 'http://', 'x:y'),
  fc.string(),
);

const values = fc.oneof(
  fc.constantFrom(png.toString('base64'), `data:image/png;base64,${png.toString('base64')}`),
  fc.base64String(),
  addresses,
  fc.jsonValue(),
);

/** Bodies that look like an answer to any degree. */
const bodies = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      data: fc.array(
        fc.record({ b64_json: values, url: values, revised_prompt: fc.jsonValue() }, { requiredKeys: [] }),
        { maxLength: 4 },
      ),
      cost: fc.jsonValue(),
      error: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
  fc.record(
    {
      error: fc.oneof(
        fc.jsonValue(),
        fc.record(
          { message: fc.jsonValue(), code: fc.jsonValue(), type: fc.jsonValue(), param: fc.jsonValue() },
          { requiredKeys: [] },
        ),
      ),
      code: fc.jsonValue(),
      detail: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
);

const texts = fc.oneof(
  bodies.map((body) => JSON.stringify(body)),
  fc.tuple(bodies, fc.nat(), fc.string()).map(([body, position, text]) => {
    const json = JSON.stringify(body);
    return json.slice(0, position % json.length) + text + json.slice(position % json.length);
  }),
  fc.string(),
);

const headers = fc.dictionary(
  fc.constantFrom(
    'retry-after',
    'content-encoding',
    'content-type',
    'x-request-id',
    'location',
    'transfer-encoding',
    'content-length',
    'connection',
  ),
  fc.oneof(
    fc.constantFrom(
      'gzip',
      'br',
      'chunked',
      '0',
      '-1',
      '99999999999999999999',
      'Fri, 13 Oct 2278 21:00:00 GMT',
      'close',
    ),
    fc.stringMatching(/^[\x20-\x7e]*$/),
  ),
);

/** What the service writes before it closes the connection: bytes, or an HTTP answer that is right to any degree. */
const answers = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 404, 429, 500, 503), texts, fc.constant({}))
    .map(([status, text, extra]) => wire(status, text, extra)),
  fc
    .tuple(fc.integer({ min: 200, max: 599 }), texts, headers)
    .map(([status, text, extra]) => wire(status, text, extra)),
  texts.map((text) => wire(200, gzipSync(text), { 'content-encoding': 'gzip' })),
  fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([position, byte]) => withByte(wire(200, goodBody), position, byte)),
  fc
    .tuple(fc.nat(), fc.nat({ max: 255 }))
    .map(([position, byte]) =>
      withByte(wire(200, gzipSync(JSON.stringify(goodBody)), { 'content-encoding': 'gzip' }), position, byte),
    ),
);

describe('any bytes as an answer', () => {
  let fixture: AccountFixture;

  before(async () => {
    fixture = await startAccountFixture('proxy');
  });

  after(() => fixture.close());

  it('end as images or as one of our errors, and the account goes on working', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(answers, fc.uint8Array(), async (answer, image) => {
        fixture.server.behaviors.POST = partly(answer, (peer) => peer.close());
        fixture.server.behaviors.GET = partly(wire(200, Buffer.from(image)), (peer) => peer.close());
        await fixture.account.generate(foxRequest, { signal }).then(
          ({ images }) =>
            assert.ok(images.length > 0 && images.every(({ bytes }) => bytes.length === bytes.buffer.byteLength)),
          (error: unknown) => assert.ok(error instanceof ImageError && error.message.length > 10, String(error)),
        );
        await fixture.heal();
        assert.equal((await fixture.account.generate(foxRequest, { signal })).attempts, 1);
      }),
      runs(300),
    );
    assert.equal(fixture.clock.asleep(), 0);
  });
});

function withByte(bytes: Buffer, position: number, byte: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[position % changed.length] = byte;
  return changed;
}
