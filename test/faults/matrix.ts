import { randomBytes } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import type { AccountSettings } from '../../src/account/settings.js';
import type { Charged, ErrorCode } from '../../src/errors.js';
import type { GenerationRequest } from '../../src/generation.js';
import { elsewhere, expired, stranger } from '../helpers/certificates.js';
import {
  addresses,
  answer,
  flood,
  forEver,
  goodBody,
  goodImage,
  half,
  inTurn,
  most,
  partly,
  png,
  raw,
  then,
  wire,
  wireHead,
} from '../helpers/server-behaviors.js';
import type { ServerBehavior } from '../helpers/hostile-server.js';
import type { AccountFixture, FixtureConnection } from '../helpers/account-fixture.js';

/** What goes wrong, and what must follow: the rules are those of the table of errors in the README. */
export interface Fault {
  fault: string;
  connection?: FixtureConnection;
  settings?: Partial<AccountSettings>;
  request?: Partial<GenerationRequest>;
  provoke(fixture: AccountFixture): void | Promise<void>;
  /** `made`: the image comes all the same. */
  code: ErrorCode | 'made';
  charged: Charged | '';
  /** Tries of the whole request. */
  tries: number;
  /** Requests for images of which the service saw at least a byte. */
  requests: number;
  /** Requests for a made image, where the answer held its address. */
  downloads?: number;
}

/** An image of 6 MB, which is 8 MB of base64, for a service without a limit. */
const bigImage = { bytes: Buffer.alloc(6_000_000), mime: 'image/png', width: 1000, height: 1000 };
const sendingMuch = {
  settings: { service: 'compatible' as const, edits: 'multipart' as const },
  request: { images: [bigImage] },
};
const tooMuchForNanogpt = { request: { prompt: 'fox '.repeat(1_000_001) } };
const retryUnknown = { settings: { retryUnknown: true } };

const spaces = Buffer.alloc(1_000_000, ' ');
const html = '<html><head><title>x</title></head><body><h1>Bad gateway</h1></body></html>';
const gzip = { 'content-encoding': 'gzip' };
const zipped = gzipSync(JSON.stringify(goodBody));

/** Certainly free, and may pass: sent again as often as the account allows. */
const again = { tries: 3, requests: 3 };
/** Never sent again. */
const once = { tries: 1, requests: 1 };

const made = { code: 'made', charged: '', ...once } as const;
const unreachable = { code: 'unreachable', charged: 'no', tries: 3, requests: 0 } as const;
const lostEarly = { code: 'connection_lost', charged: 'no', ...again } as const;
const lost = { code: 'connection_lost', charged: 'unknown', ...once } as const;
const late = { code: 'timed_out', charged: 'unknown', ...once } as const;
const bad = { code: 'bad_response', charged: 'unknown', ...once } as const;
const failed = { code: 'server_failed', charged: 'unknown', ...once } as const;
const busy = { code: 'rate_limited', charged: 'no', ...again } as const;
const free = (code: ErrorCode): Pick<Fault, 'code' | 'charged' | 'tries' | 'requests'> => ({
  code,
  charged: 'no',
  ...once,
});
const notFetched = { code: 'download_failed', charged: 'yes', ...once } as const;

/** The service answers so. */
function service(behavior: ServerBehavior): Fault['provoke'] {
  return ({ server }) => void (server.behaviors.POST = behavior);
}

/** The service shows this certificate. */
function certificate(shown: SecureContextOptions): Fault['provoke'] {
  return ({ server }) => void (server.secure = shown);
}

/** The service does so instead of speaking TLS. */
function handshake(behavior: ServerBehavior): Fault['provoke'] {
  return ({ server }) => void (server.connection = behavior);
}

/** The proxy answers CONNECT so. */
function tunnel(behavior: ServerBehavior): Fault['provoke'] {
  return ({ proxy }) => void (proxy.behaviors.CONNECT = behavior);
}

/** The service answers with the address of its image, and serves that so. */
function delivery(behavior: ServerBehavior): Fault['provoke'] {
  return ({ server }) => {
    server.behaviors.POST = addresses(`http://127.0.0.1:${server.port}/image.png`);
    server.behaviors.GET = behavior;
  };
}

/** The service answers with these addresses. */
function pointing(...urls: string[]): Fault['provoke'] {
  return service(addresses(...urls));
}

/** Redirects to an address; by itself to where it is already. */
function moved(to = '/image.png'): ServerBehavior {
  return answer(302, '', { location: to });
}

/** All faults that are played, in the order of a request's life. */
/** A list of two addresses that is cut within the second. */
const cutAddress = wire(200, { data: [{ url: '/image.png' }, { url: '/other.png' }] }).subarray(0, -20);

export const matrix: Record<string, Fault[]> = {
  'Before the request: nothing of it left': [
    { fault: 'nothing listens at the port', provoke: ({ server }) => server.close(), ...unreachable },
    {
      fault: 'the name of the host does not resolve',
      connection: 'tls',
      provoke: ({ names }) => names.clear(),
      ...unreachable,
    },
    {
      fault: 'TLS: a certificate of an unknown authority',
      connection: 'tls',
      provoke: certificate(stranger),
      ...unreachable,
    },
    { fault: 'TLS: an expired certificate', connection: 'tls', provoke: certificate(expired), ...unreachable },
    {
      fault: 'TLS: a certificate for another name',
      connection: 'tls',
      provoke: certificate(elsewhere),
      ...unreachable,
    },
    {
      fault: 'TLS: the server speaks plain HTTP',
      connection: 'tls',
      provoke: handshake(async (peer) => void ((await peer.write(wire(400, 'plain HTTP'))) && peer.close())),
      ...unreachable,
    },
    {
      fault: 'TLS: cut in the handshake',
      connection: 'tls',
      provoke: handshake(async (peer) => void ((await peer.arrives(1)) && peer.reset())),
      ...unreachable,
    },
    {
      fault: 'TLS: the handshake stalls for ever',
      connection: 'tls',
      provoke: handshake((peer) => peer.stall()),
      ...unreachable,
    },
    {
      fault: 'proxy: nothing listens at its port',
      connection: 'proxy',
      provoke: ({ proxy }) => proxy.close(),
      ...unreachable,
    },
    { fault: 'proxy: answers 407', connection: 'proxy', provoke: tunnel(answer(407, 'who are you')), ...unreachable },
    { fault: 'proxy: answers 502', connection: 'proxy', provoke: tunnel(answer(502, html)), ...unreachable },
    {
      fault: 'proxy: cuts instead of answering',
      connection: 'proxy',
      provoke: tunnel(then((peer) => peer.reset())),
      ...unreachable,
    },
    {
      fault: 'proxy: closes instead of answering',
      connection: 'proxy',
      provoke: tunnel(then((peer) => peer.close())),
      ...unreachable,
    },
    {
      fault: 'proxy: answers something that is not HTTP',
      connection: 'proxy',
      provoke: tunnel(raw('SSH-2.0-proxy\r\n')),
      ...unreachable,
    },
    { fault: 'proxy: stays silent', connection: 'proxy', provoke: tunnel((peer) => peer.stall()), ...unreachable },
    {
      fault: 'a body over the 4 MB that NanoGPT takes',
      ...tooMuchForNanogpt,
      provoke: () => undefined,
      ...free('too_large'),
      requests: 0,
    },
  ],

  'While the request goes out': [
    {
      fault: 'cut after its first byte',
      provoke: service(async (peer) => void ((await peer.arrives(1)) && peer.reset())),
      ...lost,
    },
    {
      fault: 'cut after its header',
      provoke: service(async (peer) => void ((await peer.header()) && peer.reset())),
      ...lost,
    },
    {
      fault: 'cut in the middle of 8 MB',
      ...sendingMuch,
      provoke: service(async (peer) => void ((await peer.arrives(1_000_000)) && peer.reset())),
      ...lostEarly,
    },
    {
      fault: 'closed in the middle of 8 MB',
      ...sendingMuch,
      provoke: service(async (peer) => void ((await peer.arrives(1_000_000)) && peer.close())),
      ...lostEarly,
    },
    {
      fault: 'not read any more in the middle of 8 MB',
      ...sendingMuch,
      provoke: service(
        async (peer) => void ((await peer.arrives(1_000_000)) && (await peer.stall({ reading: false }))),
      ),
      ...late,
    },
    {
      fault: '413 in the middle of 8 MB',
      ...sendingMuch,
      provoke: service(async (peer) => {
        await peer.arrives(1_000_000);
        await peer.write(wire(413, html));
        await peer.linger();
      }),
      ...free('too_large'),
    },
    {
      fault: 'the tunnel of a proxy cut behind the request',
      connection: 'proxy',
      provoke: service(then((peer) => peer.reset())),
      ...lost,
    },
  ],

  'Waiting for the answer': [
    { fault: 'cut', provoke: service(then((peer) => peer.reset())), ...lost },
    { fault: 'closed', provoke: service(then((peer) => peer.close())), ...lost },
    { fault: 'nothing comes for ever', provoke: service(then((peer) => peer.stall())), ...late },
    {
      fault: 'nothing comes, and unknown outcomes are tried again',
      ...retryUnknown,
      provoke: service(then((peer) => peer.stall())),
      ...late,
      ...again,
    },
    {
      fault: '102 and 103 come first',
      provoke: service(raw(Buffer.concat([wireHead(102), wireHead(103, 'link: </a.css>\r\n'), wire(200, goodBody)]))),
      ...made,
    },
    { fault: '103 again and again for ever', provoke: service(partly('', forEver(wireHead(103)))), ...late },
    {
      fault: 'a 100 that was not asked for',
      provoke: service(raw(Buffer.concat([wireHead(100), wire(200, goodBody)]))),
      ...lost,
    },
    {
      fault: 'a 101 that was not asked for',
      provoke: service(raw(wireHead(101, 'connection: upgrade\r\nupgrade: websocket\r\n'))),
      ...lost,
    },
    { fault: 'something that is not HTTP', provoke: service(raw('SSH-2.0-OpenSSH_9.2\r\n')), ...lost },
  ],

  'In the header of the answer': [
    { fault: 'cut', provoke: service(partly(wire(200, goodBody).subarray(0, 30), (peer) => peer.reset())), ...lost },
    { fault: 'closed', provoke: service(partly(wire(200, goodBody).subarray(0, 30), (peer) => peer.close())), ...lost },
    {
      fault: 'stalls for ever',
      provoke: service(partly(wire(200, goodBody).subarray(0, 30), (peer) => peer.stall())),
      ...late,
    },
    {
      fault: 'one byte at a time, then nothing',
      provoke: service(then(async (peer) => void (await peer.trickle('HTTP/1.1 200 O'), await peer.stall()))),
      ...late,
    },
    {
      fault: '1 MB of header',
      provoke: service(raw(`HTTP/1.1 200 OK\r\nx-filler: ${'x'.repeat(1_000_000)}\r\n\r\n`)),
      ...lost,
    },
    {
      fault: 'two different Content-Lengths',
      provoke: service(raw('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\nhello')),
      ...lost,
    },
  ],

  'In the body of the answer': [
    {
      fault: 'one byte at a time, but whole',
      provoke: service(then((peer) => peer.trickle(wire(200, goodBody).toString()))),
      ...made,
    },
    { fault: 'cut', provoke: service(partly(half, (peer) => peer.reset())), ...lost },
    { fault: 'cut behind a whole image', provoke: service(partly(most, (peer) => peer.reset())), ...made },
    {
      fault: 'closed before its Content-Length is reached',
      provoke: service(partly(half, (peer) => peer.close())),
      ...lost,
    },
    {
      fault: 'goes on behind its Content-Length',
      provoke: service(raw(wire(200, goodBody, { 'content-length': '20' }))),
      ...bad,
    },
    { fault: 'stalls for ever', provoke: service(partly(half, (peer) => peer.stall())), ...late },
    { fault: 'stalls for ever behind a whole image', provoke: service(partly(most, (peer) => peer.stall())), ...made },
    {
      fault: 'one byte at a time for ever',
      provoke: service(partly('HTTP/1.1 200 OK\r\n\r\n{"data":"', forEver('x'))),
      ...late,
    },
    {
      fault: 'closed before the last chunk',
      provoke: service(
        partly('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\n', (peer) => peer.close()),
      ),
      ...lost,
    },
    {
      fault: 'a chunk whose length is no number',
      provoke: service(raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nlots\r\n{"data":[]}\r\n0\r\n\r\n')),
      ...lost,
    },
    {
      fault: 'until the connection closes, without a length',
      provoke: service(partly(`HTTP/1.1 200 OK\r\n\r\n${JSON.stringify(goodBody)}`, (peer) => peer.close())),
      ...made,
    },
    { fault: '10 GB', provoke: service(flood('HTTP/1.1 200 OK\r\n', spaces)), ...bad },
    {
      fault: 'a bomb: 10 GB of spaces in gzip',
      provoke: service(flood('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n', gzipSync(spaces))),
      ...bad,
    },
    {
      fault: '10 GB that gzip cannot shrink',
      provoke: service(flood('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n', gzipSync(randomBytes(1_000_000)))),
      ...bad,
    },
    { fault: 'gzip that was not asked for', provoke: service(answer(200, zipped, gzip)), ...made },
    { fault: 'gzip cut short', provoke: service(answer(200, zipped.subarray(0, -20), gzip)), ...bad },
    { fault: 'plain JSON that says it is gzip', provoke: service(answer(200, goodBody, gzip)), ...bad },
  ],

  'A 2xx without an image': [
    { fault: 'an empty body', provoke: service(answer(200, '')), ...bad },
    { fault: '204', provoke: service(raw(wireHead(204))), ...bad },
    { fault: 'HTML', provoke: service(answer(200, html)), ...bad },
    {
      fault: 'JSON that ends within the image',
      provoke: service(answer(200, JSON.stringify(goodBody).slice(0, -40))),
      ...bad,
    },
    {
      fault: 'JSON that ends behind a whole image',
      provoke: service(answer(200, JSON.stringify(goodBody).slice(0, -9))),
      ...made,
    },
    { fault: 'a JSON array', provoke: service(answer(200, '[]')), ...bad },
    {
      fault: 'JSON nested 100,000 deep',
      provoke: service(answer(200, `{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
      ...bad,
    },
    { fault: 'no `data`', provoke: service(answer(200, { created: 1 })), ...bad },
    { fault: '`data` is empty', provoke: service(answer(200, { data: [] })), ...bad },
    { fault: '`data` holds null', provoke: service(answer(200, { data: [null] })), ...bad },
    {
      fault: '`b64_json` and `url` are null',
      provoke: service(answer(200, { data: [{ b64_json: null, url: null }] })),
      ...bad,
    },
    {
      fault: 'base64 of something that is no image',
      provoke: service(answer(200, { data: [{ b64_json: Buffer.from(html).toString('base64') }] })),
      ...bad,
    },
    {
      fault: '`b64_json` that is no base64',
      provoke: service(answer(200, { data: [{ b64_json: '<<<not base64>>>' }] })),
      ...bad,
    },
    {
      fault: 'an image cut within its header: delivered, and said',
      provoke: service(answer(200, { data: [{ b64_json: png.toString('base64').slice(0, 16) }] })),
      ...made,
    },
    {
      fault: 'two asked for, one of the two broken',
      request: { n: 2 },
      provoke: service(answer(200, { data: [...goodBody.data, { b64_json: 'AAAA' }] })),
      ...made,
    },
    { fault: '200 with an error', provoke: service(answer(200, { error: { message: 'the model crashed' } })), ...bad },
    {
      fault: '200 with an error: too many requests',
      provoke: service(answer(200, { error: { message: 'slow down', code: 'rate_limit_exceeded' } })),
      ...busy,
    },
    {
      fault: '200 with an error: content policy',
      provoke: service(answer(200, { error: { message: 'no', code: 'content_policy_violation' } })),
      ...free('moderated'),
    },
    {
      fault: '200 with an error: balance',
      provoke: service(answer(200, { error: 'Insufficient balance', requiredBalance: 0.0035, status: 402 })),
      ...free('insufficient_balance'),
    },
    {
      fault: '200 with an error and an image',
      provoke: service(answer(200, { ...goodBody, error: { message: 'one of two failed' } })),
      ...made,
    },
  ],

  'Refused or failed: statuses': [
    { fault: '302', provoke: service(moved('/v1/images/elsewhere')), ...free('not_configured') },
    { fault: '304', provoke: service(raw(wireHead(304))), ...free('not_configured') },
    {
      fault: '400',
      provoke: service(answer(400, { error: { message: 'Invalid size', type: 'invalid_request_error', code: 400 } })),
      ...free('rejected'),
    },
    {
      fault: '400: content policy',
      provoke: service(answer(400, { error: { message: 'blocked', code: 'content_policy_violation' } })),
      ...free('moderated'),
    },
    {
      fault: '401',
      provoke: service(answer(401, { error: { message: 'Invalid key', code: 'invalid_api_key' } })),
      ...free('unauthorized'),
    },
    {
      fault: '402',
      provoke: service(answer(402, { error: 'Insufficient balance', requiredBalance: 0.0035, status: 402 })),
      ...free('insufficient_balance'),
    },
    { fault: '403 with HTML', provoke: service(answer(403, html)), ...free('unauthorized') },
    {
      fault: '404',
      provoke: service(answer(404, { error: { message: 'Model not found' } })),
      ...free('model_not_found'),
    },
    { fault: '404 with HTML', provoke: service(answer(404, html)), ...free('not_configured') },
    { fault: '405', provoke: service(answer(405, '')), ...free('not_configured') },
    { fault: '408', provoke: service(answer(408, '')), ...late },
    { fault: '409', provoke: service(answer(409, { error: 'conflict' })), ...free('rejected') },
    { fault: '413 as text', provoke: service(answer(413, 'Request Entity Too Large')), ...free('too_large') },
    {
      fault: '422',
      provoke: service(answer(422, { detail: [{ loc: ['body', 'size'], msg: 'not a size' }] })),
      ...free('rejected'),
    },
    { fault: '429', provoke: service(answer(429, { code: 'rate_limited', message: 'Rate limit exceeded' })), ...busy },
    { fault: '429 with Retry-After: 7', provoke: service(answer(429, '', { 'retry-after': '7' })), ...busy },
    {
      fault: '429 with Retry-After: 3600',
      provoke: service(answer(429, '', { 'retry-after': '3600' })),
      ...free('daily_limit'),
    },
    {
      fault: '429: a daily cap',
      provoke: service(answer(429, { error: { message: '1000/1000', code: 'daily_rpd_limit_exceeded' } })),
      ...free('daily_limit'),
      // When the limit resets: the subscription is asked for it.
      downloads: 1,
    },
    {
      fault: '429 once, then an image',
      provoke: service(inTurn(answer(429, ''), answer(200, goodBody))),
      ...made,
      tries: 2,
      requests: 2,
    },
    { fault: '500', provoke: service(answer(500, { error: { message: 'internal' } })), ...failed },
    {
      fault: '500, and unknown outcomes are tried again',
      ...retryUnknown,
      provoke: service(answer(500, '')),
      ...failed,
      ...again,
    },
    {
      fault: '500, then 400, and unknown outcomes are tried again',
      ...retryUnknown,
      provoke: service(inTurn(answer(500, ''), answer(400, ''))),
      code: 'rejected',
      charged: 'unknown',
      tries: 2,
      requests: 2,
    },
    { fault: '500 with 10 GB', provoke: service(flood('HTTP/1.1 500 Text\r\n', spaces)), ...failed },
    { fault: '502 with HTML', provoke: service(answer(502, html)), ...failed },
    { fault: '503', provoke: service(answer(503, html)), ...failed },
    { fault: '503 with Retry-After: 2', provoke: service(answer(503, html, { 'retry-after': '2' })), ...busy },
    {
      fault: '503: rate_limiter_unavailable',
      provoke: service(answer(503, { error: { message: 'busy', code: 'rate_limiter_unavailable' } })),
      ...busy,
    },
    { fault: '504', provoke: service(answer(504, '')), ...failed },
    { fault: '599', provoke: service(answer(599, '')), ...failed },
  ],

  'The answer holds an address: the image is paid for': [
    { fault: 'redirected once', provoke: delivery(inTurn(moved('/other.png'), goodImage)), ...made, downloads: 2 },
    { fault: 'only a path', provoke: pointing('/image.png'), ...made, downloads: 1 },
    {
      fault: '403, which storage also says of what is not there yet',
      provoke: delivery(answer(403, '<Error><Code>AccessDenied</Code></Error>')),
      ...notFetched,
      downloads: 3,
    },
    { fault: '404: perhaps not there yet', provoke: delivery(answer(404, '')), ...notFetched, downloads: 3 },
    {
      fault: 'the answer breaks off behind the address',
      provoke: service(partly(cutAddress, (peer) => peer.reset())),
      ...made,
      downloads: 1,
    },
    {
      fault: 'the JSON ends behind the address',
      provoke: service(answer(200, '{"data":[{"url":"/image.png"},{"url":"/im')),
      ...made,
      downloads: 1,
    },
    { fault: '410: expired', provoke: delivery(answer(410, '')), ...notFetched, downloads: 1 },
    { fault: '503', provoke: delivery(answer(503, '')), ...notFetched, downloads: 3 },
    {
      fault: '503 twice, then the image',
      provoke: delivery(inTurn(answer(503, ''), answer(503, ''), goodImage)),
      ...made,
      downloads: 3,
    },
    { fault: 'cut', provoke: delivery(then((peer) => peer.reset())), ...notFetched, downloads: 3 },
    {
      fault: 'cut in mid-image, then whole',
      provoke: delivery(
        inTurn(
          partly(wire(200, png).subarray(0, -9), (peer) => peer.reset()),
          goodImage,
        ),
      ),
      ...made,
      downloads: 2,
    },
    { fault: 'nothing comes for ever', provoke: delivery(then((peer) => peer.stall())), ...notFetched, downloads: 3 },
    { fault: 'redirected for ever', provoke: delivery(moved()), ...notFetched, downloads: 4 },
    { fault: 'redirected to a file', provoke: delivery(moved('file:///etc/passwd')), ...notFetched, downloads: 1 },
    { fault: '10 GB', provoke: delivery(flood('HTTP/1.1 200 OK\r\n', spaces)), ...notFetched, downloads: 1 },
    { fault: 'HTML instead of an image', provoke: delivery(answer(200, html)), ...notFetched, downloads: 1 },
    {
      fault: 'nothing listens there: it is at the address of the service',
      provoke: ({ server, proxy }) =>
        proxy.close().then(() => pointing(`http://127.0.0.1:${proxy.port}/p.png`)({ server } as AccountFixture)),
      ...made,
      downloads: 1,
    },
    { fault: 'a file', provoke: pointing('file:///etc/passwd'), ...notFetched, downloads: 0 },
    { fault: 'no address at all', provoke: pointing('http://'), ...notFetched, downloads: 0 },
    { fault: 'one of two is missing', request: { n: 2 }, provoke: twoImages, ...made, downloads: 4 },
    {
      fault: 'a public service names this machine: only the service itself is asked',
      connection: 'proxy',
      provoke: ({ server }) => {
        server.behaviors.POST = addresses(`http://127.0.0.1:${server.port}/secret`);
        server.behaviors.GET = answer(410, '');
      },
      ...notFetched,
      downloads: 1,
    },
    {
      fault: 'a public service names the metadata service of clouds: only the service itself is asked',
      connection: 'proxy',
      provoke: ({ server }) => {
        server.behaviors.POST = addresses('http://169.254.169.254/latest/meta-data/');
        server.behaviors.GET = answer(410, '');
      },
      ...notFetched,
      downloads: 1,
    },
    {
      fault: 'a public service redirects to this machine',
      connection: 'proxy',
      provoke: redirectHome,
      ...notFetched,
      downloads: 1,
    },
  ],
};

/** The first address leads to an image, the second nowhere. */
function twoImages({ server }: AccountFixture): void {
  server.behaviors.POST = addresses(`http://127.0.0.1:${server.port}/1.png`, `http://127.0.0.1:${server.port}/2.png`);
  server.behaviors.GET = async (peer) => {
    await peer.header();
    await peer.write(peer.path === '/1.png' ? wire(200, png) : wire(404, ''));
  };
}

/** Behind the proxy every name is the server's; a download that asks it directly would be seen, too. */
function redirectHome({ server }: AccountFixture): void {
  server.behaviors.POST = addresses('http://images.example/image.png');
  server.behaviors.GET = moved(`http://127.0.0.1:${server.port}/secret`);
}
