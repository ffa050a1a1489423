/**
 * The other side of every measurement, a process of its own: speaks the endpoint from answers that are prepared once and written in
 * one go. What it answers is in the request: `n`, `response_format`, and the bytes of one image in the prompt (`... 2800000 bytes`).
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const answers = new Map();
const images = new Map();

const server = createServer((request, response) => {
  let head = '';
  request.on('data', (chunk) => (head ||= chunk.toString('latin1', 0, 2000)));
  request.on('end', () => {
    const file = /^\/images\/(\d+)/.exec(request.url);
    if (file) return end(response, 'image/png', image(Number(file[1])));
    const number = (pattern, otherwise) => Number(pattern.exec(head)?.[1] ?? otherwise);
    end(
      response,
      'application/json',
      answer(number(/(\d+) bytes/, 1000), number(/"n":(\d+)/, 1), /"response_format":"url"/.test(head)),
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('disconnect', () => process.exit());

function end(response, type, bytes) {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
}

function answer(size, n, isUrl) {
  const key = `${size} ${n} ${isUrl}`;
  if (!answers.has(key)) {
    const item = (index) =>
      isUrl
        ? { url: `http://127.0.0.1:${server.address().port}/images/${size}/${index}` }
        : { b64_json: image(size).toString('base64') };
    answers.set(
      key,
      Buffer.from(
        JSON.stringify({
          created: 1763880000,
          data: Array.from({ length: n }, (_, index) => item(index)),
          cost: 0.01 * n,
          paymentSource: 'USD',
          remainingBalance: 12.34,
        }),
      ),
    );
  }
  return answers.get(key);
}

/** The header of a PNG of 1024x1024, then noise: as hard to take apart as a real one. */
function image(size) {
  if (!images.has(size)) {
    const header = Buffer.from('89504e470d0a1a0a0000000d49484452000004000000040008060000007f1d2b83', 'hex');
    images.set(size, Buffer.concat([header, randomBytes(size - header.length)]));
  }
  return images.get(size);
}
