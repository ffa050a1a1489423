import { randomUUID } from 'node:crypto';
import type { Clock } from '../src/clock.js';
import { queueImageWork } from '../src/image/image-queue.js';
import { paint } from './artist.js';
import type { Call } from './call.js';
import { callerKey, parse, readBody, whileConnected } from './caller.js';
import { listPrice, usualSize } from './models.js';
import { type PaintRequest, readPaintRequest } from './paint-request.js';
import type { PlayBalance } from './play-balance.js';
import type { PlaySubscription } from './play-subscription.js';
import { simulateError } from './simulate-error.js';
import type { Painting, Storage } from './storage.js';

/** What a generation is paid from, and where its images are kept. */
export interface GenerateServices {
  balance: PlayBalance;
  subscription: PlaySubscription;
  storage: Storage;
  /** Where this service is reached, for the addresses of images. */
  origin: () => string;
  clock: Clock;
}

/**
 * Answers a generation request (NanoGPT docs: image generation).
 *
 * @throws HttpError for a request that cannot be served, or that asks for a simulated error.
 */
export async function generate(
  c: Call,
  { balance, storage, subscription, origin, clock }: GenerateServices,
): Promise<Response> {
  const body = await readBody(c.env.incoming);
  const key = callerKey(c);
  const fields = body.kept ? parse(body.kept) : {};
  await simulateError({ ...fields, key, bytes: body.bytes }, c, clock);
  const request = readPaintRequest(fields);
  const cost = balance.check(
    listPrice(request.model, request.size ? `${request.size.width}x${request.size.height}` : usualSize) * request.count,
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
