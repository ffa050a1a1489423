import { turn } from './clock.js';
import type { ServerBehavior, Peer } from './hostile-server.js';

/** An image of one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The answer of a service that works. */
export const goodBody = { created: 1763880000, data: [{ b64_json: png.toString('base64') }], cost: 0.01 };

/** An HTTP answer as it goes over the wire; an object becomes JSON. */
export function wire(status: number, body: string | Buffer | object, headers: Record<string, string> = {}): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const lines = Object.entries({ 'content-length': String(bytes.length), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Text\r\n${lines.join('')}\r\n`), bytes]);
}

/** A header without a body, as 1xx, 204 and 304 have it. */
export function wireHead(status: number, lines = ''): Buffer {
  return Buffer.from(`HTTP/1.1 ${status} Text\r\n${lines}\r\n`);
}

/** Takes the whole request and answers. */
export function answer(
  status: number,
  body: string | Buffer | object,
  headers?: Record<string, string>,
): ServerBehavior {
  return raw(wire(status, body, headers));
}

/** Takes the whole request and writes these bytes. */
export function raw(bytes: string | Buffer): ServerBehavior {
  return then(async (peer) => void (await peer.write(bytes)));
}

/** Takes the whole request, then does what it is given. */
export function then(behavior: ServerBehavior): ServerBehavior {
  return async (peer) => {
    await peer.request();
    await behavior(peer);
  };
}

/** Takes the whole request, writes the beginning of an answer, then does what it is given. */
export function partly(bytes: string | Buffer, behavior: ServerBehavior): ServerBehavior {
  return then(async (peer) => {
    await peer.write(bytes);
    await behavior(peer);
  });
}

/** One behavior after the other; the last one serves all later requests. */
export function inTurn(...behaviors: ServerBehavior[]): ServerBehavior {
  let count = 0;
  return (peer) => behaviors[Math.min(count++, behaviors.length - 1)]!(peer);
}

/** Answers with the addresses of images. */
export function addresses(...urls: string[]): ServerBehavior {
  return answer(200, { data: urls.map((url) => ({ url })), cost: 0.02 });
}

/** Makes an image. */
export const good = answer(200, goodBody);

/** Delivers an image. */
export const goodImage = answer(200, png, { 'content-type': 'image/png' });

/** A good answer, cut within its image. */
export const half = wire(200, goodBody).subarray(0, -40);

/** A good answer, cut behind its image. */
export const most = wire(200, goodBody).subarray(0, -9);

/** Writes the same again and again, until the other side has had enough. */
export function forEver(bytes: string | Buffer): ServerBehavior {
  return async (peer) => {
    for (let count = 0; await peer.write(bytes); count++) {
      if (count === 100) peer.outlast();
      await turn();
    }
  };
}

/** A body without end, so that only a cap can stop it; the header promises 10 GB. */
export function flood(head: string, chunk: Buffer): ServerBehavior {
  return then(async (peer: Peer) => {
    await peer.write(`${head}content-length: 10000000000\r\n\r\n`);
    for (let left = 10_000_000_000; left > 0; left -= chunk.length) if (!(await peer.write(chunk))) return;
  });
}
