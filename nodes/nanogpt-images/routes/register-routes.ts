import type { NodeAPI } from 'node-red';

/** What the dialogs ask the runtime for: method, path below the node type, and the right of that type that it takes. */
const routes = {
  'nanogpt-config': [
    ['post', 'models', 'write'],
    ['post', 'check', 'write'],
  ],
  'nanogpt-image': [
    ['post', 'dry-run', 'write'],
    ['post', 'try', 'write'],
    ['get', 'images/:id', 'read'],
  ],
} as const;

/** Names a route. */
export type RouteName = (typeof routes)[keyof typeof routes][number][1];

/** Registers the routes of a node type. What answers them is loaded with the first call. */
export function registerRoutes(RED: NodeAPI, type: keyof typeof routes): void {
  for (const [method, path, right] of routes[type]) {
    RED.httpAdmin[method](`/${type}/${path}`, RED.auth.needsPermission(`${type}.${right}`), (request, response) => {
      import('./handle.js')
        .then(({ handle }) => handle(RED, path, request, response))
        .catch(() => response.headersSent || response.sendStatus(500));
    });
  }
}
