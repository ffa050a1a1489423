import { Hono } from 'hono';
import type { Clock } from '../src/clock.js';
import type { Call, Env } from './call.js';
import { callerKey, requireLoopback } from './caller.js';
import { generate } from './generate.js';
import { addLoginRoutes } from './login-routes.js';
import { detailedList, endpointsPage, includedList, plainList, typedList } from './models.js';
import { simulateError } from './simulate-error.js';
import { HttpError } from './simulated-errors.js';
import { PlayBalance } from './play-balance.js';
import { PlaySubscription } from './play-subscription.js';
import { Storage } from './storage.js';

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
  const services = { balance, storage, subscription, origin, clock };
  app.use(requireLoopback);
  app.post('/v1/images/generations', (c) => generate(c, services));
  app.post('/api/v1/images/generations', (c) => generate(c, services));
  app.get('/images/:name', (c) => sendImage(c, storage));
  addModelRoutes(app);
  addMoneyRoutes(app, services);
  addLoginRoutes(app, { origin, clock });
  app.notFound((c) =>
    c.json(
      toBody('No such path. Images are made at POST /v1/images/generations.', 'invalid_request_error', 'not_found'),
      404,
    ),
  );
  app.onError(sendError);
  return app;
}

function addModelRoutes(app: Hono<Env>): void {
  app.get('/api/v1/image-models', (c) => c.json(c.req.query('detailed') === 'true' ? detailedList() : plainList()));
  app.get('/api/v1/images/models', (c) => c.json(typedList()));
  app.get('/api/v1/images/models/:id{.+}/endpoints', (c) => {
    const page = endpointsPage(c.req.param('id'));
    return page ? c.json(page) : c.notFound();
  });
  app.get('/api/subscription/v1/image-models', (c) => c.json(includedList()));
  app.get('/v1/models', (c) => c.json(plainList()));
  app.get('/api/v1/models', (c) => c.json(plainList()));
}

function addMoneyRoutes(
  app: Hono<Env>,
  { balance, subscription, clock }: { balance: PlayBalance; subscription: PlaySubscription; clock: Clock },
): void {
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
}

/** An image by its signed address, or the refusal of a storage in XML, as S3 has it. */
function sendImage(c: Call, storage: Storage): Response {
  const found = storage.fetch(new URL(c.req.url), c.req.header('authorization') ?? c.req.header('x-api-key'));
  if (typeof found !== 'string') return c.body(new Uint8Array(found.bytes), 200, { 'content-type': found.mime });
  const code = found === 'RequestExpired' ? 'AccessDenied' : found;
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>\n' + `<Error><Code>${code}</Code><Message>${found}</Message></Error>\n`;
  return c.body(xml, found === 'NoSuchKey' ? 404 : 403, { 'content-type': 'application/xml' });
}

function sendError(error: Error, c: Call): Response {
  if (!(error instanceof HttpError))
    return c.json(toBody('The built-in service failed.', 'server_error', 'internal_error'), 500);
  const { status, body, headers } = error.refusal;
  return typeof body === 'string' ? c.body(body, status, headers) : c.json(body, status, headers);
}

function toBody(message: string, type: string, code: string): object {
  return { error: { message, type, param: null, code } };
}
