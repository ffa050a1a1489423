import assert from 'node:assert/strict';
import { type AnyMessage, serve, unload } from '../helpers/flow.js';
import { answer, image } from '../helpers/images.js';
import { type Chance, chance, duration, seed } from '../helpers/random.js';
import { longestStall } from '../helpers/stalls.js';

/** How much longer than ten ordinary messages random ones may hold Node-RED, in milliseconds. */
const limit = 50;

/** Everything that bytes may be in a message. */
const forms: ((bytes: Buffer) => unknown)[] = [
  (bytes) => bytes,
  (bytes) => new Uint8Array(bytes),
  (bytes) => new Uint8Array(bytes).buffer,
  (bytes) => new Blob([new Uint8Array(bytes)]),
  (bytes) => [...bytes],
  (bytes) => bytes.toJSON(),
  (bytes) => ({ type: 'Buffer', data: bytes.toString('base64') }),
  (bytes) => ({ ...new Uint8Array(bytes) }),
  (bytes) => ({ type: 'photo', content: bytes }),
  (bytes) => ({ originalname: 'a', buffer: bytes }),
  (bytes) => [bytes, bytes.toString('base64')],
  (bytes) => bytes.toString('base64'),
  (bytes) => bytes.toString('base64url'),
  (bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
  (bytes) => bytes.toString('base64').replaceAll('+', ' '),
  (bytes) => `b'${bytes.toString('base64')}'`,
  (bytes) => `data:image/*; name=a; base64,${bytes.toString('base64')}`,
  (bytes) => `data:image/png,${bytes.toString('hex').replace(/../g, '%$&')}`,
  (bytes) => encodeURIComponent(`data:image/png;base64,${bytes.toString('base64')}`),
  (bytes) => bytes.toString('utf8'),
  (bytes) => bytes.toString('latin1'),
  (bytes) => bytes.toString('hex'),
];

describe('random bytes in every form that a message may bring', () => {
  afterEach(unload);

  it(`end each message once and hold nothing up (seed ${seed})`, async function () {
    this.timeout(duration + 60_000);
    const random = chance(seed);
    const heads = await Promise.all([image('png'), image('jpeg'), image('webp'), image('gif')]);
    const flow = await serve(answer([await image('gif')]), { node: { prompt: 'winter', promptType: 'str' } });
    // What is loaded for the first message does not count.
    await flow.send({ payload: heads[1], mask: heads[0] });
    let count = 1;
    const measureStall = (messages: AnyMessage[]): Promise<number> =>
      longestStall(async () => {
        flow.start(...messages);
        await flow.until((count += messages.length));
      });
    const usual = await measureStall(Array.from({ length: 10 }, () => ({ payload: heads[1], mask: heads[0] })));
    for (const end = performance.now() + duration; performance.now() < end;) {
      const messages = Array.from({ length: 10 }, () => makeMessage(random, heads));
      // Once more where it was held up: compiling and collecting garbage are not the message's fault.
      let stall = await measureStall(messages);
      for (let times = 0; times < 3 && stall >= usual + limit; times++) stall = await measureStall(messages);
      const { caught, completed } = flow.ended;
      assert.equal(caught.length + completed.length, count);
      assert.ok(stall < usual + limit, `${describeAll(messages)}: held up for ${Math.round(stall)} ms`);
      for (const { failure } of caught) assert.equal((failure as AnyMessage).charged, 'no');
    }
  });
});

/** A message with bytes that are random, begin as an image does, or are one that is changed somewhere. */
function makeMessage(random: Chance, heads: Buffer[]): AnyMessage {
  const length = random.happens(0.05) ? random.below(300_000) : random.below(3000);
  const tail = Buffer.from(Array.from({ length }, () => random.below(256)));
  const head = random.one(heads);
  const bytes = random.one([
    tail,
    Buffer.concat([head.subarray(0, 4 + random.below(40)), tail]),
    changed(head, random),
  ]);
  const form = random.one(forms);
  return { payload: form(bytes), ...(random.happens(0.2) && { mask: random.one(forms)(head) }) };
}

function changed(bytes: Buffer, random: Chance): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = random.below(4); times > 0; times--) copy[random.below(copy.length)] = random.below(256);
  return random.happens(0.3) ? copy.subarray(0, random.below(copy.length)) : copy;
}

function describeAll(messages: AnyMessage[]): string {
  return messages.map(({ payload }) => `${typeof payload} ${Object.prototype.toString.call(payload)}`).join(', ');
}
