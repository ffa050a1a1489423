/** The service of bench/burst.mjs: a process of its own that meets every request by chance, and tells at the end what it may have charged. */
import { chance } from './random.js';
import { startHostileServer } from './hostile-server.js';
import { mixBehaviors } from './mixed-behaviors.js';

async function main(): Promise<void> {
  const server = await startHostileServer();
  const spent = mixBehaviors(server, chance(Number(process.argv[2])), { stalls: 0.002, stall: (peer) => peer.stall() });
  process.on('message', () => {
    process.send?.({ spent: [...spent], seen: server.seen, open: server.open() });
    process.disconnect();
    void server.close();
  });
  process.send?.({ port: server.port });
}

void main();
