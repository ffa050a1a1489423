import type { NodeAPI } from 'node-red';
import { publishEvents } from './publish-events.js';
import { routes } from './routes/routes.js';

/**
 * Answers the editor's requests and sends it the events of the nodes. Node-RED loads it as a plugin, before the nodes.
 */
export default function (RED: NodeAPI): void {
  for (const { method, path, permission } of routes) {
    RED.httpAdmin[method](path, RED.auth.needsPermission(permission), (request, response) => {
      // Every file that is loaded here delays the start of Node-RED: the handlers are loaded with the first request.
      import('./routes/handle.js')
        .then(({ handle }) => handle(RED, path, request, response))
        .catch(() => response.headersSent || response.sendStatus(500));
    });
  }
  publishEvents(RED);
}
