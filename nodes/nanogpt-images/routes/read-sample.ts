import type { Node, NodeAPI } from 'node-red';
import type { Account } from '../../../src/account/account.js';
import { ImageError } from '../../../src/errors.js';
import type { GenerationRequest } from '../../../src/generation.js';
import { isOn } from '../../../src/json.js';
import { readRequest } from '../../nanogpt-image/read-request.js';
import type { Message } from '../../shared/message.js';
import { BadRequest } from './admin-request.js';
import type { TryRequest } from './read-body.js';
import { fillVariables, variablesAt } from './variables.js';
import { deployedAccount } from './deployed-account.js';

/** What a node makes of a sample. */
export interface SampleRequest {
  request: GenerationRequest;
  /** Whether it asks for partial images. */
  drafts: boolean;
}

/** Gets a value of a context, in Node-RED's callback form. */
type Get = (key: string, store: string | undefined, callback: (error: unknown) => void) => void;

/**
 * The request that the node would make for the sample as its message, read by the same code.
 *
 * @throws ImageError as `readRequest` does; BadRequest for an invalid path in the sample.
 */
export async function readSample(
  RED: NodeAPI,
  posted: TryRequest,
  account: Account,
  signal: AbortSignal,
): Promise<SampleRequest> {
  const config = fillVariables(posted.config, variablesAt(RED, posted.place));
  const fetchAddress = (address: string, field: string): Promise<Buffer> => account.fetchInput(address, field, signal);
  const reader = { RED, node: findNodeOrStandIn(RED, posted), fetchAddress };
  const { request } = await readRequest(reader, config, toMessage(RED, posted.sample));
  return { request, drafts: isOn(config.drafts) };
}

function toMessage(RED: NodeAPI, sample: TryRequest['sample']): Message {
  const message: Message = { _msgid: RED.util.generateId() };
  for (const [path, value] of Object.entries(sample)) {
    if (/__proto__|\bconstructor\b|\bprototype\b/.test(path) || !isSet(RED, message, path, value))
      throw new BadRequest();
  }
  return message;
}

function isSet(RED: NodeAPI, message: Message, path: string, value: unknown): boolean {
  try {
    return RED.util.setMessageProperty(message, path, value, true);
  } catch {
    return false;
  }
}

/** The deployed node; else a stand-in, which has everything but the contexts of a deployed node. */
function findNodeOrStandIn(RED: NodeAPI, { place, account }: TryRequest): Node {
  const node = RED.nodes.getNode(place.id) as Node | null;
  if (node?.type === 'nanogpt-image') return node;
  const shared = deployedAccount(RED, account.place.id)?.context().global;
  const contexts = { flow: { get: unknown('flow') }, global: shared ?? { get: unknown('global') } };
  return { ...place, _flow: { getSetting: variablesAt(RED, place) }, context: () => contexts } as unknown as Node;
}

function unknown(context: string): Get {
  return (key, _store, callback) =>
    callback(new ImageError('invalid_input', 'deploy_first', { field: `${context}.${key}` }));
}
