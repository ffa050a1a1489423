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
  /** When each image was asked for, in milliseconds since the epoch. */
  times: number[];
  /** How long each answer takes, in milliseconds. */
  delay: number;
  /** Holds answers back until the function that it gives is called. */
  hold(): () => void;
  /** How often a list of models was asked for. */
  lists: number;
  /** How long the list of models takes, with the prices, in milliseconds. */
  listDelay: number;
  /** In the place of an image; a status of 429, for example, which charges nothing. */
  refuse?: ((seen: Seen) => { status: number; headers?: Record<string, string> } | undefined) | undefined;
  /** Whether a prompt is answered with the address of its image in the place of the image. */
  givesAddress(prompt: string): boolean;
  /**
   * Called with each of these steps, the prompt and the API key that the request came with; an image is sent once that resolves, and is
   * gone where it rejects.
   */
  onStep(step: ServiceStep, prompt: string, apiKey: string): void | Promise<void>;
  /** How often images were asked for at their addresses. */
  downloads: number;
  close(): Promise<void>;
}

/** What a test can look out for. */
export type ServiceStep = 'request' | 'answer' | 'download';

/** The price of an image. */
export const countedPrice = 1;

/** Starts a service of `compatible` answers that stays until it is closed. */
export async function startCountingService({ delay = 20 } = {}): Promise<CountingService> {
  const bytes = await image();
  const png = bytes.toString('base64');
  let running = 0;
  let held = Promise.resolve();
  const sendImage = async (path: string, response: ServerResponse): Promise<void> => {
    const [apiKey = '', prompt = ''] = path.split('/').slice(2).map(decodeURIComponent);
    counting.downloads += 1;
    const isThere = await Promise.resolve(counting.onStep('download', prompt, apiKey)).then(
      () => true,
      () => false,
    );
    if (isThere) response.end(bytes);
    else response.writeHead(410).end();
  };
  const reply = (seen: Seen, response: ServerResponse): undefined => {
    if (seen.path.startsWith('/made/')) {
      void sendImage(seen.path, response);
      return undefined;
    }
    if (seen.method === 'GET') {
      counting.lists += 1;
      const pricing = { per_image: { '1024*1024': countedPrice }, currency: 'USD' };
      response.writeHead(200, { 'content-type': 'application/json' });
      setTimeout(() => response.end(JSON.stringify({ data: [{ id: 'counted', pricing }] })), counting.listDelay);
      return undefined;
    }
    const n = Number(seen.json.n ?? 1);
    const prompt = String(seen.json.prompt);
    const apiKey = seen.headers.authorization?.replace('Bearer ', '') ?? '';
    counting.prompts.push(prompt);
    void counting.onStep('request', prompt, apiKey);
    for (let index = 0; index < n; index++) counting.times.push(Date.now());
    running += 1;
    counting.mostAtOnce = Math.max(counting.mostAtOnce, running);
    const answer = (): void => {
      running -= 1;
      const refusal = counting.refuse?.(seen);
      response.writeHead(refusal?.status ?? 200, { 'content-type': 'application/json', ...refusal?.headers });
      if (refusal) {
        response.end(JSON.stringify({ error: { message: 'not now' } }));
        return;
      }
      counting.charged += n;
      counting.answered.push(prompt);
      const address = (index: number): string => `${service.url}/made/${apiKey}/${encodeURIComponent(prompt)}/${index}`;
      const data = Array.from({ length: n }, (_, index) =>
        counting.givesAddress(prompt) ? { url: address(index) } : { b64_json: png },
      );
      response.end(JSON.stringify({ data, cost: n * countedPrice, paymentSource: 'USD' }));
      void counting.onStep('answer', prompt, apiKey);
    };
    setTimeout(() => void held.then(answer), counting.delay);
    return undefined;
  };
  const service: TestService = await startService(reply, { stays: true });
  const counting: CountingService = {
    url: service.url,
    ...{ prompts: [], answered: [], charged: 0, mostAtOnce: 0, times: [], downloads: 0, lists: 0, delay, listDelay: 0 },
    ...{ givesAddress: () => false, onStep: () => undefined },
    hold() {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    close: () => service.close(),
  };
  return counting;
}
