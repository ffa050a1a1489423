import { type IncomingHttpHeaders, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the service of a test saw it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as it came. */
  bytes: Buffer;
  /** The body as JSON, where it is that. */
  json: Record<string, unknown>;
}

/** What the service of a test answers; an object body becomes JSON. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A real HTTP server in place of a service, on a port of 127.0.0.1. */
export interface TestService {
  url: string;
  seen: Seen[];
  /** What the next requests are answered; a function may also write the answer itself and return nothing. */
  reply: Reply | ((seen: Seen, response: ServerResponse) => Reply | undefined);
  /** Resolves when so many requests have come. */
  saw(count: number): Promise<Seen[]>;
  /** Closes at once, whatever is under way. Happens by itself after each test. */
  close(): Promise<void>;
}

const open = new Set<TestService>();

// The programme that a test starts has no hooks.
if (typeof afterEach === 'function') {
  afterEach(async () => {
    await Promise.all([...open].map((service) => service.close()));
  });
}

/** NanoGPT's lists of models that came later: which parameters have which type, and which models a subscription covers. */
const laterLists = new Set(['/api/v1/images/models', '/api/subscription/v1/image-models']);

/**
 * Starts a service that records every request. It ends with the test that starts it, unless it `stays` until it is closed. It has only
 * the first of NanoGPT's lists of models unless it `hasAllLists`: for the others it answers 404, unrecorded.
 */
export async function startService(
  reply: TestService['reply'] = {},
  { stays = false, hasAllLists = false } = {},
): Promise<TestService> {
  const looks = new Set<() => void>();
  const server = createServer((request, response) => {
    if (!hasAllLists && laterLists.has(request.url ?? '')) {
      response.writeHead(404).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const text = bytes.toString();
      const seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text,
        bytes,
        json: parseObject(text),
      };
      service.seen.push(seen);
      for (const look of looks) look();
      const answer = typeof service.reply === 'function' ? service.reply(seen, response) : service.reply;
      if (answer) write(response, answer);
    });
  });
  const service: TestService = {
    url: await listen(server),
    seen: [],
    reply,
    saw: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (service.seen.length < count) return;
          looks.delete(look);
          resolve(service.seen);
        };
        looks.add(look);
        look();
      }),
    async close() {
      open.delete(service);
      await close(server);
    },
  };
  if (!stays) open.add(service);
  return service;
}

function write(response: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, { ...(raw ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(raw ? body : JSON.stringify(body));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
