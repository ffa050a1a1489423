import helper from 'node-red-node-test-helper';
import { defaults as accountDefaults } from '../../../../nodes/nanogpt-config/config.js';
import { defaults as imageDefaults } from '../../../../nodes/nanogpt-image/config.js';
import { type AnyMessage, type FlowOptions, type ServedFlow, apiKey, serve } from '../../../helpers/flow.js';
import type { TestService } from '../../../helpers/service.js';

/** What a route answered. */
export interface Answered {
  status: number;
  body: AnyMessage;
  text: string;
  headers: Record<string, string>;
  /** Of a picture. */
  bytes: Buffer;
}

/** Asks a route as a dialog does; `helper.startServer()` must have run. */
export async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  return (await helper.request().post(`/${path}`).set(headers).send(body as object)) as unknown as Answered;
}

export async function get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
  const answered = await helper.request().get(`/${path}`).set(headers).buffer(true).parse((stream, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => done(null, Buffer.concat(chunks)));
  });
  return { ...(answered as unknown as Answered), status: answered.status, headers: answered.headers, bytes: answered.body as Buffer };
}

/** An account as the editor has it: deployed under the id `account`, or not under any other. */
export function accountOf(settings: AnyMessage, id = 'account'): AnyMessage {
  return { id, type: 'nanogpt-config', ...accountDefaults, ...settings };
}

/** An image node as its dialog has it. */
export function nodeOf(settings: AnyMessage = {}, id = 'node'): AnyMessage {
  return { id, type: 'nanogpt-image', z: 'tab', ...imageDefaults, account: 'account', ...settings };
}

/** A flow whose account is deployed with a service of the test's own, and the settings that the editor has of it. */
export async function deploy(reply: TestService['reply'], options: FlowOptions = {}): Promise<ServedFlow & { account: AnyMessage }> {
  const flow = await serve(reply, options);
  return { ...flow, account: accountOf({ service: 'nanogpt', baseUrl: flow.service.url, retries: 0, perMinute: 0, ...options.account }) };
}

export { apiKey };
