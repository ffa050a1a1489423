import { types } from 'node:util';
import { serialize } from 'node:v8';
import type { Node, NodeAPI } from 'node-red';
import { type Delivery, mostSnapshot, type RecoveredRequest, type Recovery } from '../../src/cluster/delivery.js';
import { isPlain } from './is-plain.js';
import type { Message } from './message.js';

/** A message of more parts is not looked through. */
const maxParts = 10_000;

/** By the message object that a node gets again. */
const recovered = new WeakMap<Message, RecoveredRequest>();

/** What lets the same node deliver the result after a crash, here or in a replica. */
export function toRecovery({ id, type }: Node, msg: Message): Recovery {
  const message = isData(msg) ? serialize(msg) : undefined;
  return { nodeId: id, nodeType: type, ...(message && message.length <= mostSnapshot && { message }) };
}

/** The request that was made for a message before its Node-RED died; undefined for every other message. */
export function takeRecovered(msg: Message): RecoveredRequest | undefined {
  const request = recovered.get(msg);
  recovered.delete(msg);
  return request;
}

/** Gives messages of dead Node-REDs to the nodes of this one. */
export function makeDelivery(RED: NodeAPI): Delivery {
  const find = (id: string): Node | null => RED.nodes.getNode(id);
  return {
    has: (nodeId, nodeType) => find(nodeId)?.type === nodeType,
    deliver(nodeId, message, request) {
      const msg = { ...message, _msgid: RED.util.generateId() };
      recovered.set(msg, request);
      find(nodeId)?.receive(msg);
    },
  };
}

/** Whether a message can be made again from its data: it holds no functions, requests or other objects of a class. */
function isData(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null || types.isDate(value)) return true;
  if (types.isUint8Array(value)) return value.length <= mostSnapshot;
  if (seen.has(value)) return true;
  if (seen.add(value).size > maxParts) return false;
  return isPlain(value) && Object.values(value).every((each) => isData(each, seen));
}
