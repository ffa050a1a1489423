import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine that answers with `listener`. */
export interface Serving {
  url: string;
  close(): void;
}

/** Serves, for example, what the http nodes of a running flow answer. */
export async function serve(listener: RequestListener): Promise<Serving> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
