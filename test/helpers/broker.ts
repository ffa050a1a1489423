import { once } from 'node:events';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { type MqttClient, connectAsync } from 'mqtt';
import type { FlowNode } from './node-red.js';

/** An MQTT broker on this machine, for examples that name one. */
export interface Broker {
  /** Another client of the broker, such as Home Assistant. */
  connect(): Promise<MqttClient>;
  /** An example with its broker node set to this one. */
  use(flow: FlowNode[]): FlowNode[];
  /** Resolves once the broker has taken the subscriptions of the next `count` topics. */
  subscribed(count?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a broker that keeps retained messages in memory. */
export async function startBroker(): Promise<Broker> {
  const broker = await Aedes.createBroker();
  const server: Server = createServer((socket) => broker.handle(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: MqttClient[] = [];
  return {
    async connect() {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
      clients.push(client);
      return client;
    },
    use: (flow) => flow.map((node) => (node.type === 'mqtt-broker' ? { ...node, port: String(port) } : node)),
    async subscribed(count = 1) {
      for (let topics = 0; topics < count; topics++) await once(broker, 'subscribe');
    },
    async close() {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await new Promise<void>((resolve) => broker.close(resolve));
      server.close();
    },
  };
}

/** The next message of a topic; a retained one at once. */
export async function nextMessage(client: MqttClient, topic: string): Promise<Buffer> {
  const arrived = new Promise<Buffer>((resolve) => {
    const take = (from: string, payload: Buffer): void => {
      if (!matches(topic, from)) return;
      client.off('message', take);
      resolve(payload);
    };
    client.on('message', take);
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return arrived;
}

/** Whether a topic fits a filter with `+` for one of its levels. */
function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  return filter.split('/').every((level, index) => level === '+' || level === levels[index]);
}
