/**
 * The other side of every measurement, a process of its own: speaks the endpoint from answers that are prepared once
 * and written in one go. A request says what the answer is to be: `n`, `response_format`, and the bytes of one image in
 * the prompt (`... 2800000 bytes`). Sends its parent the origins by name, and the certificate to trust:
 *
 * - `https`: TLS records of 16 KB, as servers cut large answers;
 * - `packets`: TLS records of 1.4 KB, as some servers and proxies cut them to fit a packet;
 * - `http`: without TLS.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { trusted } from '../test/helpers/certificates.ts';

/** The payload of a TLS record that fits a packet of 1,500 bytes. */
const packet = 1400;

/** The length of most chunks of an image, with length, type and checksum. */
const dataChunk = 65_536 + 12;

const answers = new Map();
const images = new Map();

const listeners = {
  https: createTlsServer(trusted),
  packets: createTlsServer(trusted).on('secureConnection', (socket) => socket.setMaxSendFragment(packet)),
  http: createServer(),
};
process.on('disconnect', () => process.exit());
process.send({ origins: await listen(), certificate: trusted.cert });

async function listen() {
  const origins = {};
  for (const [name, listener] of Object.entries(listeners)) {
    listener.keepAliveTimeout = 60_000;
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    origins[name] = `${name === 'http' ? 'http' : 'https'}://127.0.0.1:${listener.address().port}`;
    listener.on('request', (request, response) => handle(request, response, origins[name]));
  }
  return origins;
}

function handle(request, response, origin) {
  let head = '';
  request.on('data', (chunk) => (head ||= chunk.toString('latin1', 0, 2000)));
  request.on('end', () => {
    const file = /^\/images\/(\d+)/.exec(request.url);
    if (file) return end(response, 'image/png', image(Number(file[1])));
    const number = (pattern, otherwise) => Number(pattern.exec(head)?.[1] ?? otherwise);
    const bytes = number(/(\d+) bytes/, 1000);
    const n = number(/"n":(\d+)/, 1);
    end(response, 'application/json', answer(bytes, n, /"response_format":"url"/.test(head) ? origin : undefined));
  });
}

function end(response, type, bytes) {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
}

/** With addresses at the `origin`, else with the images themselves. */
function answer(bytes, n, origin) {
  const key = `${bytes} ${n} ${origin}`;
  if (!answers.has(key)) {
    const item = (index) =>
      origin ? { url: `${origin}/images/${bytes}/${index}` } : { b64_json: image(bytes).toString('base64') };
    const body = {
      created: 1763880000,
      data: Array.from({ length: n }, (_, index) => item(index)),
      cost: 0.01 * n,
      paymentSource: 'USD',
      remainingBalance: 12.34,
    };
    answers.set(key, Buffer.from(JSON.stringify(body)));
  }
  return answers.get(key);
}

/** A PNG of 1024x1024 as its header and its chunks say, with noise in them: as hard to compress as a real one. */
function image(size) {
  if (!images.has(size)) {
    const header = Buffer.from('89504e470d0a1a0a0000000d49484452000004000000040008060000007f1d2b83', 'hex');
    const end = Buffer.from('0000000049454e44ae426082', 'hex');
    const data = randomBytes(size - header.length - end.length);
    for (let at = 0; at < data.length; at += dataChunk) {
      data.writeUInt32BE(Math.min(dataChunk, data.length - at) - 12, at);
      data.write('IDAT', at + 4, 'latin1');
    }
    images.set(size, Buffer.concat([header, data, end]));
  }
  return images.get(size);
}
