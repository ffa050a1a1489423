import helper from 'node-red-node-test-helper';
import { defaults as accountDefaults } from '../../nodes/nanogpt-config/config.js';
import { defaults as imageDefaults } from '../../nodes/nanogpt-image/config.js';
import { closeAccount } from '../../src/account/registry.js';
import { type AnyMessage, type FlowOptions, type ServedFlow, serve, unload } from './flow.js';
import type { TestService } from './service.js';

/** What a route answered. */
export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
  body: AnyMessage;
}

/** Asks a route as a dialog does; `helper.startServer()` must have run. */
export async function post(path: string, body: AnyMessage, headers: Record<string, string> = {}): Promise<Answered> {
  return await helper.request().post(`/${path}`).set(headers).send(body);
}

/** The answer to a question that is one. */
export async function ask(path: string, body: AnyMessage): Promise<AnyMessage> {
  const { status, body: answer } = await post(path, body);
  if (status !== 200) throw new Error(`${path} answers ${status}`);
  return answer;
}

/** An account as the editor has it: `account` is deployed in a served flow, another id is not. */
export function makeAccount(settings: AnyMessage, id = 'account'): AnyMessage {
  return { id, type: 'nanogpt-config', ...accountDefaults, ...settings };
}

/** An image node as its dialog has it: `node` is deployed in a served flow, another id is not. */
export function makeNode(settings: AnyMessage = {}, id = 'node'): AnyMessage {
  return { id, type: 'nanogpt-image', z: 'tab', ...imageDefaults, account: 'account', ...settings };
}

/** A flow with a service of the test's own, and its account as the editor has it. */
export interface DeployedFlow extends ServedFlow {
  account: AnyMessage;
}

/** Deploys an account and an image node. */
export async function deploy(reply: TestService['reply'] = {}, options: FlowOptions = {}): Promise<DeployedFlow> {
  const flow = await serve(reply, options);
  const account = makeAccount({
    service: 'nanogpt',
    baseUrl: flow.service.url,
    retries: 0,
    perMinute: 0,
    ...options.account,
  });
  return { ...flow, account };
}

/** Stops the flow, and forgets what was spent by the accounts `account` and `new`. */
export async function leave(): Promise<void> {
  await unload();
  closeAccount('new');
}
