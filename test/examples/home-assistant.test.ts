import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { inspect } from '../../src/image/inspect.js';
import { type Broker, nextMessage, startBroker } from '../helpers/broker.js';
import { type RunningExample, readExample, startExample, stopExample } from '../helpers/example.js';

type Fields = Record<string, unknown>;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
/** A topic of one's own, as Home Assistant takes it: no wildcards. */
const isTopic = (value: unknown): boolean => isText(value) && !/[+#\0]/.test(String(value));
const makeOneOf =
  (...values: unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

const everyEntity = {
  name: isText,
  unique_id: isText,
  default_entity_id: (value: unknown) => /^[a-z]+\.[a-z0-9_]+$/.test(String(value)),
  device: (value: unknown) => Array.isArray((value as Fields).identifiers) && isText((value as Fields).name),
};

/**
 * What Home Assistant asks of each kind of entity (its sources: components/mqtt/{image,text,button,sensor}.py and schemas.py): the
 * fields that it takes, and those among them that must be there. It drops fields that it does not know, so none of ours may be unknown.
 */
const kinds: Record<string, { fields: Record<string, (value: unknown) => boolean>; required: string[] }> = {
  image: { fields: { image_topic: isTopic, content_type: isText }, required: ['image_topic'] },
  text: {
    fields: { command_topic: isTopic, state_topic: isTopic, max: (value) => Number(value) > 0 && Number(value) <= 255 },
    required: ['command_topic'],
  },
  button: { fields: { command_topic: isTopic, payload_press: isText }, required: ['command_topic'] },
  sensor: {
    fields: {
      state_topic: isTopic,
      unit_of_measurement: isText,
      device_class: makeOneOf('monetary'),
      suggested_display_precision: Number.isInteger,
    },
    required: ['state_topic'],
  },
};

describe('example 12, Home Assistant', () => {
  let broker: Broker;
  let example: RunningExample;
  let homeAssistant: MqttClient;

  beforeEach(async () => {
    broker = await startBroker();
    homeAssistant = await broker.connect();
    const subscribed = broker.subscribed(3);
    example = await startExample(broker.use(readExample('12')));
    await subscribed;
  });
  afterEach(async () => {
    await stopExample();
    await broker.close();
  });

  const next = (topic: string): Promise<Buffer> => nextMessage(homeAssistant, topic);
  const announced = async (kind: string): Promise<Fields> =>
    JSON.parse((await next(`homeassistant/${kind}/+/config`)).toString()) as Fields;
  const publish = (topic: unknown, payload: unknown): Promise<unknown> =>
    homeAssistant.publishAsync(String(topic), String(payload), { qos: 1 });

  for (const [kind, { fields, required }] of Object.entries(kinds)) {
    it(`announces its ${kind} when it starts, as Home Assistant’s MQTT discovery asks`, async () => {
      const found = await announced(kind);
      const rules = { ...everyEntity, ...fields };
      assert.deepEqual(Object.keys(found).filter((name) => !Object.hasOwn(rules, name)), []); // prettier-ignore
      assert.deepEqual(Object.entries(rules).filter(([name, fits]) => name in found && !fits(found[name])), []); // prettier-ignore
      assert.deepEqual(['unique_id', 'device', ...required].filter((name) => !(name in found)), []); // prettier-ignore
    });
  }

  it('makes an image of the prompt when the button is pressed, and keeps it at the broker', async () => {
    const [image, text, button] = await Promise.all(['image', 'text', 'button'].map(announced));
    await publish(text!.command_topic, 'a red fox in the snow');
    await example.reached('remember it');
    assert.equal(String(await next(String(text!.state_topic))), 'a red fox in the snow');
    await publish(button!.command_topic, button!.payload_press);
    const [made] = await example.reached('the image');
    assert.equal(made!.generation.prompt, 'a red fox in the snow');
    await next('nanogpt/spent');
    const kept = await next(String(image!.image_topic));
    assert.ok(kept.equals(made!.payload as Buffer));
    assert.equal(inspect(kept)?.mime, image!.content_type);
  });

  it('announces an image again when its type changes', async () => {
    await announced('image');
    example.put('its type', { payload: Buffer.alloc(0), imageInfo: { mime: 'image/webp' } });
    await example.reached('if it changed');
    const renewed = new Promise<Fields>((resolve) => {
      homeAssistant.on('message', (_, payload) => resolve(JSON.parse(payload.toString()) as Fields));
    });
    const { content_type: type, ...same } = await renewed;
    assert.equal(type, 'image/webp');
    assert.equal(same.image_topic, 'nanogpt/image');
  });

  it('tells what was spent, and where a phone finds the image', async () => {
    const [saved, spent] = [next('nanogpt/saved'), next('nanogpt/spent')];
    example.press('press the button');
    const { file, prompt, cost } = JSON.parse(String(await saved)) as Record<string, string>;
    assert.equal(inspect(readFileSync(join(example.folder, file!)))?.mime, 'image/png');
    assert.deepEqual([prompt, Number(String(await spent))], ['a lighthouse at sunset', cost]);
  });
});
