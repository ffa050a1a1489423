import type { ServerResponse } from 'node:http';
import type { DeploymentType, RunningNodeRed } from './node-red.js';
import { type Seen, type TestService, startService } from './service.js';
import { type Parts, plain, toFlow } from '../redeploy/flows.js';

/** A flow in a real Node-RED and a service that answers when it is let. */
export interface RedeployFixture {
  service: TestService;
  nodeRed: RunningNodeRed;
  /** Changes nodes, or removes those given as null, and deploys. */
  deploy(type: DeploymentType, changes?: Record<string, object | null>): Promise<void>;
  /** Ids of the nodes on a tab. */
  onTab(id: string): string[];
  /** Asks for images so often; resolves when the requests that may go are with the service. */
  ask(messages: number, requests?: number): Promise<void>;
  /** Answers what waits for an answer, with an image or with this status. */
  answer(status?: number): void;
  /** Resolves when the service has seen so many connections cut. */
  cut(count: number): Promise<void>;
  /** Resolves when so many lines of the log match. */
  reported(pattern: RegExp, count?: number, timeout?: number): Promise<void>;
  /** Resolves when what was on its way in the flows has arrived. */
  settled(): Promise<void>;
  /** What the service saw, what came out and what the log said, in the words of the table. */
  saw(): string;
  out(): string;
  log(): string;
  /** How many messages a Complete node got. */
  completed(): number;
}

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What came out, as the function nodes of a fixture tell it, and in the words of the table. */
const words: Record<string, string> = {
  'old: an image': 'the image',
  'fresh: an image': 'the image, from the new node',
  'old: 2 images': 'the array of both images',
};

/** Replaces all flows by those of a fixture and asks for nothing yet. */
export async function startRedeployFixture(
  nodeRed: RunningNodeRed,
  flow: (url: string) => Parts = plain,
): Promise<RedeployFixture> {
  const waiting = new Set<ServerResponse>();
  const counts = { answered: 0, cut: 0 };
  const looks = new Set<() => void>();
  const slowly = (_: Seen, response: ServerResponse): undefined => {
    waiting.add(response);
    response.on('close', () => {
      if (!waiting.delete(response)) return;
      counts.cut += 1;
      for (const look of looks) look();
    });
  };
  const service = await startService(slowly, { stays: true });
  const parts = flow(service.url);
  await nodeRed.deploy(toFlow(parts));
  const start = nodeRed.log().length;
  const lines = (pattern: RegExp): string[] => {
    const matches = nodeRed.log().slice(start).matchAll(new RegExp(pattern, 'g'));
    return Array.from(matches, ([, ...groups]) => groups.join(': '));
  };

  const fixture: RedeployFixture = {
    service,
    nodeRed,
    async deploy(type, changes = {}) {
      for (const [id, change] of Object.entries(changes)) {
        if (change === null) delete parts[id];
        else parts[id] = { ...parts[id]!, ...change };
      }
      await nodeRed.deploy(toFlow(parts), {}, type);
    },
    onTab: (tab) => Object.keys(parts).filter((id) => parts[id]?.z === tab),
    async ask(messages, requests = messages) {
      const before = [service.seen.length, lines(/function:(asked)/).length] as const;
      for (let count = 0; count < messages; count++) await nodeRed.post('/inject/ask');
      await Promise.all([
        service.saw(before[0] + requests),
        fixture.reported(/function:(asked)/, before[1] + messages),
      ]);
    },
    answer(status = 200) {
      for (const response of waiting) {
        waiting.delete(response);
        counts.answered += 1;
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify(status === 200 ? { data: [{ b64_json: png }] } : { error: { message: 'no more paint' } }),
        );
      }
    },
    cut: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (counts.cut < count) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
      }),
    async reported(pattern, count = 1, timeout = 8000) {
      await nodeRed.logged(new RegExp(`(?:${pattern.source}[^]*?){${count}}`), timeout, start);
    },
    async settled() {
      const before = lines(/function:(pinged)/).length;
      await nodeRed.post('/inject/ping');
      await fixture.reported(/function:(pinged)/, before + 1);
    },
    saw() {
      const requests = service.seen.length === 1 ? '1 request' : `${service.seen.length} requests`;
      return [requests, counts.answered > 0 && 'answered', counts.cut > 0 && 'cut off'].filter(Boolean).join(', ');
    },
    out() {
      const ends = lines(/\[function:(old|fresh|caught)\] (.*)/);
      const said = ends.map((end) => words[end] ?? end.replace(/^caught: (\w+), (\w+)$/, 'Catch: `$1`, charged: $2'));
      return said.join('; ') || 'nothing';
    },
    log: () => lines(/\[(?:warn|error)\] (?:\[[^\]]*\] )?(.*)/).join(' '),
    completed: () => lines(/function:(finished)/).length,
  };
  return fixture;
}
