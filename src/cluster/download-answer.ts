import { abortable } from '../abortable.js';
import type { Connection } from '../account/connection.js';
import type { Client } from '../api/client.js';
import { authorize } from '../api/endpoint.js';

/** Fetches the images of an answer that another instance has received. */
export type DownloadAnswer = Client['download'];

/** How long the service may take to show where it is, in milliseconds. */
const patience = 10_000;

/** Fetches them over the connection that an account has at that time. */
export function makeDownloadAnswer(current: () => Connection): DownloadAnswer {
  return async (answer, request, signal) => {
    const { client, endpoint } = await current().open();
    const list = { path: endpoint.dialect.models, headers: authorize(endpoint) };
    // Only a service that was seen in a private network may name addresses there, and this instance may not have asked
    // it for anything.
    const listed = client.fetchJson(list, 'models', AbortSignal.timeout(patience));
    await abortable(listed, signal).catch(() => undefined);
    return client.download(answer, request, signal);
  };
}
