/**
 * What is measured: each gives, for the server's address, a function that returns the images of one request as Buffers.
 */
import { createRequire } from 'node:module';
import { settings } from './settings.mjs';

const require = createRequire(import.meta.url);

export const contenders = {
  /** This package as its nodes use it: through an account. */
  ours(server, history = 'off') {
    const { Account } = require('../dist/src/account/account.js');
    const account = new Account({ ...settings(server), history });
    const { signal } = new globalThis.AbortController();
    return async ({ image, ...fields }) => {
      const inputs = image ? [{ bytes: image, mime: 'image/png', width: 1024, height: 1024 }] : [];
      const { images } = await account.generate({ ...fields, images: inputs, extra: {} }, { signal });
      return images.map(({ bytes }) => bytes);
    };
  },

  /** The SDK as its documentation shows it. */
  async openai(server) {
    const { default: OpenAI } = await import('openai');
    const client = new OpenAI({ apiKey: 'bench', baseURL: `${server}/v1`, maxRetries: 0 });
    return async ({ image, ...fields }) => {
      const { data } = await client.images.generate({ ...fields, ...(image && { imageDataUrl: dataUrl(image) }) });
      return Promise.all(
        data.map(async (item) =>
          item.b64_json
            ? Buffer.from(item.b64_json, 'base64')
            : Buffer.from(await (await fetch(item.url)).arrayBuffer()),
        ),
      );
    };
  },

  /** Written by hand: the fast client, then `JSON.parse` and `Buffer.from`. */
  async undici(server) {
    const post = await openPost(server);
    return async (request) => {
      const { data } = JSON.parse(await (await post(request)).text());
      return Promise.all(
        data.map(async (item) =>
          item.b64_json ? Buffer.from(item.b64_json, 'base64') : Buffer.from(await (await get(item.url)).arrayBuffer()),
        ),
      );
    };
  },

  /** The floor: receives the same bytes and drops them. */
  async drop(server) {
    const post = await openPost(server);
    return async (request) => {
      if (request.response_format !== 'url') return drop(await post(request));
      const { data } = JSON.parse(await (await post(request)).text());
      await Promise.all(data.map(async ({ url }) => drop(await get(url))));
    };
  },
};

async function get(url) {
  const undici = await import('undici');
  return (await undici.request(url)).body;
}

async function openPost(server) {
  const undici = await import('undici');
  return async ({ image, ...fields }) => {
    const body = JSON.stringify({ ...fields, ...(image && { imageDataUrl: dataUrl(image) }) });
    return (
      await undici.request(`${server}/v1/images/generations`, {
        method: 'POST',
        headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
        body,
      })
    ).body;
  };
}

async function drop(body) {
  for await (const _ of body);
}

function dataUrl(bytes) {
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
