import assert from 'node:assert/strict';
import type { MqttClient } from 'mqtt';
import sharp from 'sharp';
import { inspect } from '../../src/image/inspect.js';
import { type Broker, nextMessage, startBroker } from '../helpers/broker.js';
import { type RunningExample, readExample, startExample, stopExample } from '../helpers/example.js';

const snapshotTopic = 'doorbell/snapshot';
const paintingTopic = 'doorbell/painting';

describe('example 08, the doorbell', () => {
  let broker: Broker;
  let example: RunningExample;
  let doorbell: MqttClient;
  let homeAssistant: MqttClient;

  beforeEach(async () => {
    broker = await startBroker();
    [doorbell, homeAssistant] = await Promise.all([broker.connect(), broker.connect()]);
    const subscribed = broker.subscribed();
    example = await startExample(broker.use(readExample('08')));
    await subscribed;
  });
  afterEach(async () => {
    await stopExample();
    await broker.close();
  });

  const next = (topic: string): Promise<Buffer> => nextMessage(homeAssistant, topic);
  const snapshot = (): Promise<Buffer> => sharp({ create: { width: 640, height: 480, channels: 3, background: '#6688aa' } }).jpeg().toBuffer();

  it('paints a snapshot and publishes the painting for Home Assistant, one however often it rings', async () => {
    const painting = next(paintingTopic);
    const image = await snapshot();
    for (let rings = 0; rings < 3; rings++) await doorbell.publishAsync(snapshotTopic, image, { qos: 1 });
    const { mime, width, height } = inspect(await painting)!;
    assert.deepEqual({ mime, width, height }, { mime: 'image/png', width: 640, height: 480 });
    assert.equal((await example.reached('one a minute', 3)).length, 3);
    assert.equal((await example.reached('as a painting')).length, 1);
  });

  it('keeps the painting at the broker, so that it is there after Home Assistant starts again', async () => {
    const first = next(paintingTopic);
    await doorbell.publishAsync(snapshotTopic, await snapshot(), { qos: 1 });
    const painting = await first;
    await homeAssistant.unsubscribeAsync(paintingTopic);
    assert.deepEqual(await next(paintingTopic), painting);
  });

  it('announces the camera as Home Assistant’s MQTT discovery asks', async () => {
    example.press('announce');
    const { topic, unique_id: id } = JSON.parse((await next('homeassistant/camera/+/config')).toString()) as Record<string, string>;
    assert.equal(topic, paintingTopic);
    assert.match(id ?? '', /^[\w-]+$/);
  });

  it('rings without a camera', async () => {
    const painting = next(paintingTopic);
    example.press('ring');
    assert.equal(inspect(await painting)?.mime, 'image/png');
    const [made] = await example.reached('to the snapshot topic');
    assert.equal(inspect(made!.payload as Buffer)?.mime, 'image/jpeg');
  });
});
