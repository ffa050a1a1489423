import type { Hono } from 'hono';
import type { Clock } from '../src/clock.js';
import type { Call, Env } from './call.js';
import { parse, readBody } from './caller.js';
import { loginPage } from './login-page.js';
import { Logins } from './logins.js';
import { HttpError, invalid } from './simulated-errors.js';

/** Adds the login by which a client gets a key, with the page on which a person approves it. */
export function addLoginRoutes(
  app: Hono<Env>,
  { origin, clock }: { origin: () => string; clock: Pick<Clock, 'now'> },
): void {
  const logins = new Logins(() => clock.now());
  const page = '/cli-login/verify';

  app.post('/api/cli-login/start', async (c) => {
    const started = logins.start(await readText(c, 'client_name', 64));
    const verification_uri = origin() + page;
    const verification_uri_complete = `${verification_uri}?code=${started.user_code}`;
    return c.json({ ...started, verification_uri, verification_uri_complete });
  });

  app.post('/api/cli-login/poll', async (c) => {
    const { status, body } = logins.poll(await readText(c, 'device_code', 200));
    return c.json(body, status);
  });

  app.get(page, (c) => {
    const code = (c.req.query('code') ?? '').trim().toUpperCase();
    return c.html(loginPage({ code, client: logins.clientOf(code) }));
  });

  app.post(page, async (c) => {
    const form = new URLSearchParams((await readBody(c.env.incoming)).kept?.toString());
    const decision = form.get('decision') === 'approved' ? 'approved' : 'denied';
    const isDone = logins.decide(form.get('code') ?? '', decision);
    return c.html(loginPage(isDone ? { decision } : {}));
  });
}

async function readText(c: Call, name: string, longest: number): Promise<string> {
  const value = parse((await readBody(c.env.incoming)).kept ?? Buffer.alloc(0))[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > longest)
    throw new HttpError(invalid(`"${name}" must be a text of 1 to ${longest} characters.`, name));
  return value;
}
