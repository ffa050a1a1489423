import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Clock } from '../src/clock.js';
import { queueImageWork } from '../src/image/image-queue.js';
import { paint } from './artist.js';
import type { Call, Env } from './call.js';
import { callerKey, parse, readBody, requireLoopback, whileConnected } from './caller.js';
import { addLoginRoutes } from './login-routes.js';
import { detailedList, endpointsPage, includedList, listPrice, plainList, typedList, usualSize } from './models.js';
import { type PaintRequest, readPaintRequest } from './paint-request.js';
import { simulatedErrors, HttpError } from './simulated-errors.js';
import { PlayBalance } from './play-balance.js';
import { PlaySubscription } from './play-subscription.js';
import { type Painting, Storage } from './storage.js';

/** What the routes need of their server. */
export interface RoutesOptions {
  /** Where this service is reached, for the addresses of images. */
  origin: () => string;
  clock: Clock;
}

/** The routes of the built-in service: NanoGPT's image API, answered on this machine and for this machine only. */
export function routes({ origin, clock }: RoutesOptions): Hono<Env> {
  const [balance, storage] = [new PlayBalance(), new Storage(() => clock.now())];
  const subscription = new PlaySubscription(clock);
  const app = new Hono<Env>();

  const generate = async (c: Call): Promise<Response> => {
    const body = await readBody(c.env.incoming);
    const key = callerKey(c);
    const fields = body.kept ? parse(body.kept) : {};
    await simulateError({ ...fields, key, bytes: body.bytes }, c, clock);
    const request = readPaintRequest(fields);
    const cost = balance.check(
      listPrice(request.model, request.size ? `${request.size.width}x${request.size.height}` : usualSize) *
        request.count,
    );
    const images = await paintAll(request, whileConnected(c));
    const requestId = `sandbox-${randomUUID()}`;
    const data = images.map((image) =>
      request.responseFormat === 'url'
        ? { url: origin() + storage.keep(image) }
        : { b64_json: image.bytes.toString('base64') },
    );
    const isIncluded =
      request.model.included && c.req.header('x-billing-mode') !== 'paygo' && subscription.take(request.count);
    if (!isIncluded) balance.pay(cost);
    c.header('x-request-id', requestId);
    return c.json({
      created: Math.floor(clock.now() / 1000),
      data,
      cost: isIncluded ? 0 : cost,
      paymentSource: isIncluded ? 'subscription' : 'sandbox',
      remainingBalance: balance.amount,
      requestId,
    });
  };
  app.use(requireLoopback);
  app.post('/v1/images/generations', generate);
  app.post('/api/v1/images/generations', generate);

  app.get('/images/:name', (c) => {
    const found = storage.fetch(new URL(c.req.url), c.req.header('authorization') ?? c.req.header('x-api-key'));
    if (typeof found !== 'string') return c.body(new Uint8Array(found.bytes), 200, { 'content-type': found.mime });
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${found === 'RequestExpired' ? 'AccessDenied' : found}</Code><Message>${found}</Message></Error>\n`;
    return c.body(xml, found === 'NoSuchKey' ? 404 : 403, { 'content-type': 'application/xml' });
  });

  app.get('/api/v1/image-models', (c) => c.json(c.req.query('detailed') === 'true' ? detailedList() : plainList()));
  app.get('/api/v1/images/models', (c) => c.json(typedList()));
  app.get('/api/v1/images/models/:id{.+}/endpoints', (c) => {
    const page = endpointsPage(c.req.param('id'));
    return page ? c.json(page) : c.notFound();
  });
  app.get('/api/subscription/v1/image-models', (c) => c.json(includedList()));
  app.get('/v1/models', (c) => c.json(plainList()));
  app.get('/api/v1/models', (c) => c.json(plainList()));
  app.post('/api/check-balance', async (c) => {
    await simulateError({ key: callerKey(c), bytes: 0 }, c, clock);
    return c.json({
      usd_balance: balance.amount.toFixed(2),
      nano_balance: '0.00',
      nanoDepositAddress: 'sandbox-nothing-to-deposit',
    });
  });
  app.get('/api/subscription/v1/usage', async (c) => {
    await simulateError({ key: callerKey(c), bytes: 0 }, c, clock);
    return c.json(subscription.usage());
  });

  addLoginRoutes(app, { origin, clock });
  app.notFound((c) =>
    c.json(
      {
        error: {
          message: 'No such path. Images are made at POST /v1/images/generations.',
          type: 'invalid_request_error',
          param: null,
          code: 'not_found',
        },
      },
      404,
    ),
  );
  app.onError((error, c) => {
    if (!(error instanceof HttpError))
      return c.json(
        {
          error: { message: 'The built-in service failed.', type: 'server_error', param: null, code: 'internal_error' },
        },
        500,
      );
    const { status, body, headers } = error.refusal;
    return typeof body === 'string' ? c.body(body, status, headers) : c.json(body, status, headers);
  });
  return app;
}

/** Throws the first simulated error that the request asks for, or waits as long as it asks. */
async function simulateError(
  request: { key: string; bytes: number; model?: unknown; prompt?: unknown },
  c: Call,
  clock: Clock,
): Promise<void> {
  const { key, bytes, model, prompt } = request;
  const seen = {
    key,
    bytes,
    ...(typeof model === 'string' && { model }),
    ...(typeof prompt === 'string' && { prompt }),
  };
  const found = simulatedErrors.find(({ applies }) => applies(seen));
  if (found?.refusal) throw new HttpError(found.refusal);
  if (found?.delay !== undefined) await clock.sleep(found.delay, whileConnected(c));
}

/** Paints the images of one request in the queue that everything with pixels waits in. */
function paintAll(request: PaintRequest, signal: AbortSignal): Promise<Painting[]> {
  const seed = request.seed === undefined ? randomUUID() : String(request.seed);
  return queueImageWork(async () => {
    const images: Painting[] = [];
    for (let index = 0; index < request.count; index += 1)
      images.push(await paint(request, { seed: `${seed}/${index}`, signal }));
    return images;
  }, signal);
}
