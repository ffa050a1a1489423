import type { Chance } from './random.js';
import { addresses, answer, good, goodBody, goodImage, half, most, partly, then } from './server-behaviors.js';
import type { ServerBehavior, HostileServer } from './hostile-server.js';

/** What the service does with a whole request, how often, and whether it may have charged for it. */
interface Behaviour {
  weight: number;
  charges: boolean;
  behavior: ServerBehavior;
}

const behaviours: Behaviour[] = [
  { weight: 40, charges: true, behavior: good },
  { weight: 8, charges: true, behavior: answer(200, { data: [goodBody.data[0], null, goodBody.data[0]] }) },
  { weight: 8, charges: true, behavior: addresses('/a.png', '/b.png') },
  { weight: 8, charges: true, behavior: addresses('/a.png') },
  { weight: 4, charges: true, behavior: (peer) => peer.reset() },
  { weight: 3, charges: true, behavior: partly(half, (peer) => peer.reset()) },
  { weight: 3, charges: true, behavior: partly(most, (peer) => peer.close()) },
  { weight: 3, charges: true, behavior: partly('HTTP/1.1 200 O', (peer) => peer.close()) },
  { weight: 3, charges: true, behavior: answer(500, { error: 'failed' }) },
  { weight: 3, charges: true, behavior: answer(200, '<html>') },
  { weight: 2, charges: true, behavior: answer(200, { data: [] }) },
  { weight: 10, charges: false, behavior: answer(429, { code: 'rate_limited', message: 'slow down' }) },
  { weight: 2, charges: false, behavior: answer(429, '', { 'retry-after': '9999' }) },
  { weight: 4, charges: false, behavior: answer(400, { error: { message: 'no', code: 'content_policy_violation' } }) },
  { weight: 3, charges: false, behavior: answer(402, { error: 'Insufficient balance' }) },
  { weight: 2, charges: false, behavior: answer(404, '<html>') },
];
const lots = behaviours.flatMap((behaviour) => Array<Behaviour>(behaviour.weight).fill(behaviour));

const deliveries: ServerBehavior[] = [
  ...Array<ServerBehavior>(5).fill(goodImage),
  answer(503, ''),
  answer(404, ''),
  answer(200, '<html>'),
  then((peer) => peer.reset()),
  answer(302, '', { location: '/c.png' }),
];

/**
 * Lets chance decide what becomes of each request; the share `stalls` of them meets `stall`. Gives how often each prompt may
 * have been charged for.
 */
export function mixBehaviors(
  { behaviors }: HostileServer,
  dice: Chance,
  { stalls, stall }: { stalls: number; stall: ServerBehavior },
): Map<string, number> {
  const spent = new Map<string, number>();
  behaviors.GET = (peer) => dice.one(deliveries)(peer);
  behaviors.POST = async (peer) => {
    if (dice.happens(0.03)) return void ((await peer.arrives(1 + dice.below(100))) && peer.reset());
    const body = await peer.request();
    if (body.length === 0) return;
    const { charges, behavior } = dice.happens(stalls) ? { charges: true, behavior: stall } : dice.one(lots);
    const { prompt } = JSON.parse(body.toString()) as { prompt: string };
    if (charges) spent.set(prompt, (spent.get(prompt) ?? 0) + 1);
    await behavior(peer);
  };
  return spent;
}
