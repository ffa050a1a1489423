import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Where an operation of the state script is when something is done about it: on its way to Redis, or its answer on the way back. */
export type TapMoment = 'before' | 'after';

/** What stands between one process and Redis. */
export interface RedisTap {
  url: string;
  /** Calls `act` once the process asks for an operation. Neither the operation (`before`) nor its answer (`after`) arrives any more where `holds`. */
  once(operation: string, moment: TapMoment, act: () => void, options?: { holds: boolean }): void;
  /** Forgets what was to be done. */
  clear(): void;
  /** Cuts the connections that there are. */
  cut(): void;
  close(): void;
}

interface Waiting {
  pattern: RegExp;
  moment: TapMoment;
  holds: boolean;
  act(): void;
}

/** Starts a tap on a port of 127.0.0.1 before the Redis on another one. */
export async function startRedisTap(port: number): Promise<RedisTap> {
  const sockets = new Set<Socket>();
  const cut = (): void => sockets.forEach((socket) => void socket.destroy());
  let waiting: Waiting | undefined;
  const server = createServer((client) => {
    const redis = connect(port, '127.0.0.1');
    let actAfter: Waiting | undefined;
    let isHeld = false;
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
    }
    client.on('data', (chunk) => {
      const found = waiting?.pattern.test(chunk.toString('latin1')) ? waiting : undefined;
      if (found) waiting = undefined;
      if (found?.moment === 'before') {
        isHeld = found.holds;
        found.act();
      }
      if (found?.moment === 'after') actAfter = found;
      if (!isHeld) redis.write(chunk);
    });
    redis.on('data', (chunk) => {
      const found = actAfter;
      actAfter = undefined;
      if (found) isHeld = found.holds;
      if (!isHeld) client.write(chunk);
      found?.act();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    once(operation, moment, act, { holds } = { holds: true }) {
      // The script is called with its tag, the operation and the arguments, each behind its length (Redis docs: RESP).
      waiting = { pattern: new RegExp(`\\r\\n${operation}\\r\\n\\$\\d+\\r\\n\\{`), moment, holds, act };
    },
    clear: () => (waiting = undefined),
    cut,
    close() {
      server.close();
      cut();
    },
  };
}
