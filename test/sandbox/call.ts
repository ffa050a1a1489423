import sharp from 'sharp';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.js';

/** An answer of the built-in service, its JSON read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Whatever was answered: the tests look for what they expect in it. */
  body: any;
}

/** A service of the test's own, and a way to ask it. */
export interface Service extends Sandbox {
  post(
    body: unknown,
    more?: { path?: string; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** The images of a request that has to succeed. */
  images(body: Record<string, unknown>): Promise<Buffer[]>;
}

export async function startService(options?: SandboxOptions): Promise<Service> {
  const sandbox = await startSandbox(options);
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(sandbox.url + path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
  const service: Service = {
    ...sandbox,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (body, { path = '/v1/images/generations', headers = { authorization: 'Bearer key' }, signal } = {}) =>
      ask(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
        ...(signal && { signal }),
      }),
    async images(body) {
      const { status, text, body: answer } = await service.post({ size: '96x64', ...body });
      if (status !== 200) throw new Error(`${status} ${text}`);
      return (answer.data as { b64_json: string }[]).map(({ b64_json }) => Buffer.from(b64_json, 'base64'));
    },
  };
  return service;
}

export function dataUrl(bytes: Buffer): string {
  return `data:image/png;base64,${bytes.toString('base64')}`;
}

/** A plain PNG with some shapes, from the inside of an SVG. */
export function drawing(width: number, height: number, inside: string): Promise<Buffer> {
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inside}</svg>`),
  )
    .png()
    .toBuffer();
}

export function pixels(image: Buffer): Promise<Buffer> {
  return sharp(image).ensureAlpha().raw().toBuffer();
}

/** How far two images of one size are apart: the mean difference of their bytes. */
export async function distance(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = [await pixels(one), await pixels(other)];
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}
