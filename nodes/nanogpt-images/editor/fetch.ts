import { toImageUrl } from '../../shared/editor/image-url.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import type { Texts } from './texts.js';
import type { ViewRed } from './view-red.js';

declare const RED: ViewRed;

/**
 * Gets data from a route of the plugin, by a path without a leading
 * slash: only to those jQuery adds what `adminAuth` needs.
 */
export async function getJson<Data>(path: string, query: Record<string, string | number> = {}): Promise<Data> {
  return (await $.ajax({ url: `nanogpt-image/${path}`, data: query, dataType: 'json' })) as Data;
}

/** A URL of an image from a route of the plugin. With `adminAuth` a plain URL in an `<img>` would be refused. */
export async function getImageUrl(path: string): Promise<string> {
  // Without a type, jQuery would parse an SVG as XML.
  const request = { url: `nanogpt-image/${path}`, dataType: 'binary', xhrFields: { responseType: 'blob' as const } };
  return toImageUrl((await $.ajax(request)) as Blob);
}

/** Sends data to a route of the plugin; a failure is shown to the user. */
export async function postJson(texts: Texts, path: string, body: object): Promise<void> {
  const { problem } = await callRoute(texts, `nanogpt-image/${path}`, body);
  if (problem) RED.notify(translate(texts, problem), 'error');
}

/** The path below `nanogpt-image/` of something with an id. */
export function buildPath(kind: 'images' | 'thumbnails' | 'history', id: string): string {
  return `${kind}/${encodeURIComponent(id)}`;
}
