import type { ServerResponse } from 'node:http';
import { image } from './images.js';
import { type Seen, type TestService, startService } from './service.js';

/** A service that counts, as a real one would on its bill. */
export interface CountingService {
  url: string;
  /** Prompts of all requests for images, in the order they came. */
  prompts: string[];
  /** Prompts that were answered with images. */
  answered: string[];
  /** Images that it has charged for. */
  charged: number;
  /** The most requests that were under way at once. */
  mostAtOnce: number;
  /** Times of the images, in milliseconds since the epoch. */
  times: number[];
  /** How long each answer takes, in milliseconds. */
  delay: number;
  /** How long the list of models takes, with the prices, in milliseconds. */
  listDelay: number;
  /** In the place of an image; a status of 429, for example, which charges nothing. */
  refuse?: ((seen: Seen) => { status: number; headers?: Record<string, string> } | undefined) | undefined;
  close(): Promise<void>;
}

/** The price of an image. */
export const countedPrice = 1;

/** Starts a service of `compatible` answers that stays until it is closed. */
export async function startCountingService({ delay = 20 } = {}): Promise<CountingService> {
  const png = (await image()).toString('base64');
  let running = 0;
  const reply = (seen: Seen, response: ServerResponse): undefined => {
    if (seen.method === 'GET') {
      const pricing = { per_image: { '1024*1024': countedPrice }, currency: 'USD' };
      response.writeHead(200, { 'content-type': 'application/json' });
      setTimeout(() => response.end(JSON.stringify({ data: [{ id: 'counted', pricing }] })), counting.listDelay);
      return undefined;
    }
    const n = Number(seen.json.n ?? 1);
    counting.prompts.push(String(seen.json.prompt));
    running += 1;
    counting.mostAtOnce = Math.max(counting.mostAtOnce, running);
    setTimeout(() => {
      running -= 1;
      const refusal = counting.refuse?.(seen);
      response.writeHead(refusal?.status ?? 200, { 'content-type': 'application/json', ...refusal?.headers });
      if (refusal) return void response.end(JSON.stringify({ error: { message: 'not now' } }));
      counting.charged += n;
      counting.answered.push(String(seen.json.prompt));
      for (let index = 0; index < n; index++) counting.times.push(Date.now());
      const data = Array.from({ length: n }, () => ({ b64_json: png }));
      response.end(JSON.stringify({ data, cost: n * countedPrice, paymentSource: 'USD' }));
    }, counting.delay);
    return undefined;
  };
  const service: TestService = await startService(reply, { stays: true });
  const counting: CountingService = {
    url: service.url,
    ...{ prompts: [], answered: [], charged: 0, mostAtOnce: 0, times: [], delay, listDelay: 0 },
    close: () => service.close(),
  };
  return counting;
}
