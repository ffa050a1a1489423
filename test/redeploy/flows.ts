import type { FlowNode } from '../helpers/node-red.js';

/** The nodes of a flow by what they are in it, which is their id too. */
export type Parts = Record<string, Omit<FlowNode, 'id'>>;

const at = { z: 'tab', x: 100, y: 100 };

/** A function node that tells the log what it is given. In a subflow its name must not be the id of a node: Node-RED would change it. */
function reporter(name: string, text: string): Omit<FlowNode, 'id'> {
  return { type: 'function', name, func: `node.log(${text});`, outputs: 1, wires: [[]], ...at };
}

const image =
  "Array.isArray(msg.payload) ? msg.payload.length + ' images' : Buffer.isBuffer(msg.payload) ? 'an image' : 'no image'";

/** A button that asks for an image. What comes of it is reported: images by `old`, and by `fresh` once the wires of the node were changed. */
export function plain(url: string): Parts {
  return {
    tab: { type: 'tab', label: 'redeploys' },
    account: { type: 'nanogpt-config', service: 'compatible', baseUrl: url, retries: 0 },
    ask: { type: 'inject', payload: 'a fox in the snow', payloadType: 'str', wires: [['image', 'asked']], ...at },
    asked: reporter('asked', "'asked'"),
    image: { type: 'nanogpt-image', account: 'account', wires: [['old']], ...at },
    old: reporter('old', image),
    fresh: reporter('fresh', image),
    other: reporter('other', "''"),
    catch: { type: 'catch', scope: null, wires: [['caught']], ...at },
    caught: reporter('caught', "msg.failure.code + ', ' + msg.failure.charged"),
    complete: { type: 'complete', scope: ['image'], wires: [['completed']], ...at },
    completed: reporter('finished', "'a message'"),
    ping: { type: 'inject', wires: [['pinged']], ...at, z: 'bystanders' },
    pinged: { ...reporter('pinged', "'pinged'"), z: 'bystanders' },
    bystanders: { type: 'tab', label: 'bystanders' },
  };
}

/** The same with an account that makes one request at a time. */
export function oneAtATime(url: string): Parts {
  const { account, ...rest } = plain(url);
  return { ...rest, account: { ...account!, concurrency: 1 } };
}

/** The same beside a node that takes 11 s to close. */
export function slowToClose(url: string): Parts {
  const { asked, ...rest } = plain(url);
  return {
    ...rest,
    asked: { ...asked!, func: `node.on('close', (done) => setTimeout(done, 11_000)); ${String(asked!.func)}` },
  };
}

/** The same with the node inside a subflow. */
export function inSubflow(url: string): Parts {
  const { image, ask, complete, completed, ...rest } = plain(url);
  const inner = { z: 'subflow' };
  return {
    ...rest,
    ask: { ...ask!, wires: [['instance', 'asked']] },
    subflow: {
      type: 'subflow',
      name: 'painter',
      in: [{ x: 0, y: 0, wires: [{ id: 'image' }] }],
      out: [{ x: 0, y: 0, wires: [{ id: 'image', port: 0 }] }],
    },
    image: { ...image!, ...inner, wires: [[]] },
    complete: { ...complete!, ...inner },
    completed: { ...completed!, ...inner },
    instance: { type: 'subflow:subflow', wires: [['old']], ...at },
  };
}

/** The same between Split and Join, with two prompts. */
export function splitAndJoined(url: string): Parts {
  const { image, ask, ...rest } = plain(url);
  return {
    ...rest,
    ask: {
      ...ask!,
      payload: '["a fox in the snow", "a hare in the grass"]',
      payloadType: 'json',
      wires: [['split', 'asked']],
    },
    split: {
      type: 'split',
      splt: '\\n',
      spltType: 'str',
      arraySplt: 1,
      arraySpltType: 'len',
      wires: [['image']],
      ...at,
    },
    image: { ...image!, wires: [['join']] },
    join: { type: 'join', mode: 'auto', wires: [['old']], ...at },
  };
}

/** The nodes as a flow file holds them. */
export function toFlow(parts: Parts): FlowNode[] {
  return Object.entries(parts).map(([id, node]) => ({ ...node, id }) as FlowNode);
}
