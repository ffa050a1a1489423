import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Clock, systemClock } from '../src/clock.js';
import { routes } from './routes.js';

/** How the built-in service is started. */
export interface SandboxOptions {
  /** 0, the default, lets the system choose one. */
  port?: number;
  /** The process stays up as long as the service does; by default it does not wait for it. */
  keepsProcess?: boolean;
  clock?: Clock;
}

/** The built-in service, listening. */
export interface Sandbox {
  /** Its address without a path: `http://127.0.0.1:PORT`. */
  url: string;
  /** Ends it at once, with all connections. Never rejects. */
  close(): Promise<void>;
}

/** Starts the built-in service on this machine's loopback address. Rejects where the port is taken. */
export async function startSandbox({
  port = 0,
  keepsProcess = false,
  clock = systemClock,
}: SandboxOptions = {}): Promise<Sandbox> {
  let url = '';
  const app = routes({ origin: () => url, clock });
  // The adaptor would otherwise replace Request and Response for the whole of Node-RED.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  if (!keepsProcess) {
    server.unref();
    server.on('connection', (socket: Socket) => socket.unref());
  }
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
