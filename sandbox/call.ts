import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** Hono on Node.js's own HTTP server. */
export interface Env {
  Bindings: HttpBindings;
}

/** One request with its answer, as Hono hands it to a route. */
export type Call = Context<Env>;
