import type { Request, Response } from 'express';

/**
 * Whether a request comes from the editor itself, or from a program: a page of another site could spend the money of a
 * user who is logged in. Browsers send the page's site in `Sec-Fetch-Site` over trusted connections (https, localhost),
 * and in `Origin` with every POST (WHATWG Fetch); behind a proxy the editor's host is in `X-Forwarded-Host`.
 */
export function isFromEditor(request: Request): boolean {
  if (request.get('sec-fetch-site') === 'same-origin') return true;
  const origin = request.get('origin');
  if (origin === undefined) return request.get('sec-fetch-site') !== 'cross-site';
  const hosts = [request.get('host'), ...(request.get('x-forwarded-host') ?? '').split(',')];
  return URL.canParse(origin) && hosts.some((host) => host?.trim().toLowerCase() === new URL(origin).host);
}

/** Removes the header by which Node-RED 4.1 lets other sites read the answers of every admin route. */
export function denyOtherSites(response: Response): void {
  response.removeHeader('access-control-allow-origin');
}
