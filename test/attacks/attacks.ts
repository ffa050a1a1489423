import { gzipSync } from 'node:zlib';
import type { ServerBehavior } from '../helpers/hostile-server.js';
import { avifFile, box, latin1 } from '../helpers/image-files.js';
import { answer, flood, goodBody, partly, png, then, wire } from '../helpers/server-behaviors.js';
import type { Report } from './target.js';

/** What a service does to harm, and what follows from it. */
export interface Attack {
  tried: string;
  ask?: 'models';
  POST?: ServerBehavior;
  GET?: ServerBehavior;
  /** In the words of the table. */
  follows: string;
  /** What the report must hold. */
  report: Partial<Report>;
  /** Most connections that are open at once. */
  connections?: number;
  /** Most addresses that are asked for. */
  downloads?: number;
}

const image = goodBody.data[0]!;
const largest = 31_900_000;

/** A body that is sent in pieces, so that it need not be held as a whole; its length is known. */
function pieces(
  head: string,
  piece: string,
  count: number,
  tail: string,
  headers: Record<string, string> = {},
): ServerBehavior {
  const batch = Math.max(1, Math.min(count, Math.ceil(1_000_000 / piece.length)));
  const [many, few] = [piece.repeat(batch), piece.repeat(count % batch)];
  const length = head.length + count * piece.length + tail.length;
  const lines = Object.entries({ 'content-length': String(length), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return then(async (peer) => {
    await peer.write(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n${head}`);
    for (let sent = 0; sent + batch <= count; sent += batch) if (!(await peer.write(many))) return;
    await peer.write(few + tail);
  });
}

/** Many addresses, each of which gives these bytes. */
function serving(count: number, bytes: Buffer): Pick<Attack, 'POST' | 'GET'> {
  return {
    POST: then(async (peer) => {
      const host = /host: (\S+)/i.exec(peer.head)?.[1] ?? '';
      const data = Array.from({ length: count }, (_, index) => ({ url: `http://${host}/${index}.png` }));
      await peer.write(wire(200, { data, cost: 0.02 }));
    }),
    GET: answer(200, bytes, { 'content-type': 'image/png' }),
  };
}

function nested(depth: number): string {
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}

function base64(bytes: Buffer): ServerBehavior {
  return answer(200, { data: [{ b64_json: bytes.toString('base64') }], cost: 0.01 });
}

const made = { code: 'made', charged: '' };
const nothing = { code: 'bad_response', charged: 'unknown' };
const longPng = Buffer.concat([png, Buffer.alloc(largest - png.length)]);
const sizes = Buffer.concat(Array.from({ length: 100_000 }, () => box('ispe', Buffer.alloc(12))));

/** What an answer of a service may hold. */
export const responseAttacks: Attack[] = [
  {
    tried: '7 million empty entries',
    POST: pieces('{"data":[', '{},', 7_000_000, '{}]}'),
    follows: 'nothing usable',
    report: nothing,
  },
  {
    tried: '100,000 empty entries',
    POST: pieces('{"data":[', '{},', 100_000, '{}]}'),
    follows: 'nothing usable',
    report: nothing,
  },
  {
    tried: '500,000 images of one byte',
    POST: pieces('{"data":[', '{"b64_json":"AA=="},', 500_000, '{}]}'),
    follows: 'nothing usable',
    report: nothing,
  },
  {
    tried: 'a good image, then 100,000 entries that are none',
    POST: pieces(`{"data":[${JSON.stringify(image)},`, '{"b64_json":"AA=="},', 100_000, '{}],"cost":0.01}'),
    follows: 'the image, and a warning',
    report: { ...made, count: 1 },
  },
  {
    tried: 'an `error` nested 200,000 deep beside a good image',
    POST: answer(200, `{"data":[${JSON.stringify(image)}],"error":${nested(200_000)}}`),
    follows: 'the image',
    report: { ...made, count: 1 },
  },
  {
    tried: '`usage` nested 50,000 deep beside a good image',
    POST: answer(200, `{"data":[${JSON.stringify(image)}],"cost":0.01,"usage":${nested(50_000)}}`),
    follows: 'the image',
    report: { ...made, count: 1 },
  },
  {
    tried: '10 MB of opening brackets',
    POST: pieces('', '[', 10_000_000, ''),
    follows: 'nothing usable',
    report: nothing,
  },
  {
    tried: '16 MB of text around the image',
    POST: pieces(`{"data":[${JSON.stringify(image)}],"note":"`, 'lorem ipsum ', 1_300_000, '"}'),
    follows: 'the image, and a warning',
    report: { ...made, count: 1 },
  },
  {
    tried: 'one image asked, 150 addresses of 32 MB',
    ...serving(150, longPng),
    follows: 'as many as 128 MB hold, and the addresses of others in a warning',
    report: made,
    connections: 16,
  },
  {
    tried: '2,500 addresses of a small image',
    ...serving(2500, png),
    follows: 'the first 256',
    report: { ...made, count: 256 },
    connections: 16,
  },
  {
    tried: '5,000 addresses of a small image',
    ...serving(5000, png),
    follows: 'the first 256, and a warning',
    report: { ...made, count: 256 },
    connections: 16,
  },
  {
    tried: '5,000 addresses where nothing is any more',
    ...serving(5000, png),
    GET: answer(410, 'gone'),
    follows: 'the first 256 addresses in the failure',
    report: { code: 'download_failed', charged: 'yes', addresses: 256 },
    connections: 16,
    downloads: 20,
  },
  {
    tried: '16 MB of text behind the address of an image',
    POST: then(async (peer) => {
      const host = /host: (\S+)/i.exec(peer.head)?.[1] ?? '';
      await peer.write(
        wire(200, `{"data":[{"url":"http://${host}/1.png"}],"note":"${'lorem ipsum '.repeat(1_300_000)}"}`),
      );
    }),
    follows: 'the image, and a warning',
    report: { ...made, count: 1, warnings: 1 },
  },
  {
    tried: 'one million events without an image',
    POST: pieces('', 'data: {"type":"x"}\n\n', 1_000_000, '', { 'content-type': 'text/event-stream' }),
    follows: 'nothing usable',
    report: nothing,
  },
  {
    tried: '120 MB of drafts, then the image',
    POST: pieces(
      '',
      `event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"${Buffer.alloc(3_000_000).toString('base64')}"}\n\n`,
      30,
      `data: ${JSON.stringify({ type: 'image_generation.completed', ...image })}\n\n`,
      { 'content-type': 'text/event-stream' },
    ),
    follows: 'the image',
    report: { ...made, count: 1 },
  },
  {
    tried: '128 MB that gzip packs into 124 kB',
    POST: answer(200, gzipSync(Buffer.alloc(130_000_000, ' ')), { 'content-encoding': 'gzip' }),
    follows: 'cut off at 128 MB',
    report: nothing,
  },
  {
    tried: 'an answer of 10 GB',
    POST: flood('HTTP/1.1 200 OK\r\n', Buffer.alloc(1_000_000, ' ')),
    follows: 'cut off at 128 MB',
    report: nothing,
  },
  {
    tried: 'an image of 32 MB, all zeros behind the header of a PNG',
    POST: base64(longPng),
    follows: 'the image',
    report: { ...made, count: 1 },
  },
  {
    tried: 'an image of 25 MB, all zeros behind the header of a JPEG',
    POST: base64(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(2500_000)])),
    follows: 'the bytes, and a warning',
    report: { ...made, count: 1 },
  },
  {
    tried: 'an AVIF of 100,000 sizes (2 MB)',
    POST: base64(avifFile({ properties: [sizes] })),
    follows: 'the image',
    report: { ...made, count: 1 },
  },
  {
    tried: 'an AVIF of boxes in boxes (2 MB)',
    POST: base64(
      Buffer.concat([
        box('ftyp', latin1('avif'), Buffer.alloc(4)),
        ...Array.from({ length: 200_000 }, () => box('meta')),
      ]),
    ),
    follows: 'the bytes, and a warning',
    report: { ...made, count: 1 },
  },
  {
    tried: 'an SVG of 1 million open roots (5 MB)',
    POST: base64(Buffer.from('<svg '.repeat(1_000_000))),
    follows: 'the bytes, and a warning',
    report: { ...made, count: 1 },
  },
  {
    tried: 'an error page of open tags',
    POST: answer(400, '<style <script <head '.repeat(3000)),
    follows: 'the refusal',
    report: { code: 'rejected', charged: 'no' },
  },
  {
    tried: 'an error of 64 kB of brackets',
    POST: answer(400, '{"error":"' + '{["'.repeat(20_000)),
    follows: 'the refusal',
    report: { code: 'rejected', charged: 'no' },
  },
  {
    tried: 'an error nested 10,000 deep',
    POST: answer(400, nested(10_000)),
    follows: 'the refusal',
    report: { code: 'rejected', charged: 'no' },
  },
  {
    tried: '500 whose code speaks of moderation',
    POST: answer(500, { error: { code: 'moderation_service_error', message: 'The moderation service failed.' } }),
    follows: 'not taken for a free refusal',
    report: { code: 'server_failed', charged: 'unknown' },
  },
  {
    tried: '200 whose error speaks of a rate limit that it had inside',
    POST: answer(200, { error: { code: 'rate_limit_storage', message: 'The rate limit storage failed.' } }),
    follows: 'not sent again',
    report: nothing,
  },
  {
    tried: 'a cut connection behind 100 MB of half an image',
    POST: partly(
      `HTTP/1.1 200 OK\r\ncontent-length: 200000000\r\n\r\n{"data":[{"b64_json":"${'A'.repeat(100)}`,
      (peer) => peer.reset(),
    ),
    follows: 'nothing usable',
    report: { code: 'connection_lost', charged: 'unknown' },
  },
];

/** What a list of models may hold. */
export const listAttacks: Attack[] = [
  {
    tried: 'a list of 1 million models (20 MB)',
    ask: 'models',
    GET: pieces('{"data":[', '{"id":"a-model-of"},', 1_000_000, '{}]}'),
    follows: 'refused as too large',
    report: { code: 'bad_response', charged: 'no' },
  },
  {
    tried: 'a list of 350,000 models (7 MB)',
    ask: 'models',
    GET: pieces('{"data":[', '{"id":"a-model-of"},', 350_000, '{}]}'),
    follows: 'refused as too large',
    report: { code: 'bad_response', charged: 'no' },
  },
  {
    tried: 'a list of 20,000 models',
    ask: 'models',
    GET: pieces('{"data":[', '{"id":"a-model-of"},', 20_000, '{}]}'),
    follows: 'the first 2,000',
    report: { ...made, count: 2000 },
  },
  {
    tried: 'a list of models nested 200,000 deep',
    ask: 'models',
    GET: answer(200, `{"data":[{"id":"a","pricing":${nested(200_000)}}]}`),
    follows: 'refused as too large',
    report: { code: 'bad_response', charged: 'no' },
  },
];
