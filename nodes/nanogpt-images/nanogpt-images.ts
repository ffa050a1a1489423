import type { NodeAPI } from 'node-red';
import { publishTicks } from './publish-ticks.js';
import { routes } from './routes/routes.js';

/** Answers the editor, and tells it what the nodes are doing. Node-RED loads it as a plugin, before the nodes. */
export default function (RED: NodeAPI): void {
  for (const { method, path, permission } of routes) {
    RED.httpAdmin[method](path, RED.auth.needsPermission(permission), (request, response) => {
      // Node-RED waits at its start for every file that is loaded here: the handlers come with the first request.
      import('./routes/handle.js')
        .then(({ handle }) => handle(RED, path, request, response))
        .catch(() => response.headersSent || response.sendStatus(500));
    });
  }
  publishTicks(RED);
}
