import assert from 'node:assert/strict';
import sharp from 'sharp';
import { inspect } from '../../src/image/inspect.js';
import { type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { type BotApi, startBotApi } from './bot-api.js';
import { placesModules, readPlacesExample } from './places.js';

describe('the Telegram example', function () {
  this.timeout(120_000);
  let api: BotApi;
  let nodeRed: RunningNodeRed;

  before(async () => {
    api = await startBotApi();
    nodeRed = await startNodeRed({ modules: await placesModules() });
    const flows = readPlacesExample('Telegram').map((node) => {
      if (node.type === 'telegram bot') return { ...node, baseapiurl: api.url };
      // The photos of the test lie on this machine.
      return node.type === 'nanogpt-config' ? { ...node, imageUrls: 'any' } : node;
    });
    await nodeRed.deploy(flows, { 'telegram-bot': { token: api.token } });
  });
  after(async () => {
    await nodeRed.stop();
    await api.close();
  });

  it('answers a photo with the photo restyled, under its caption', async () => {
    const photo = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#557799' } })
      .jpeg()
      .toBuffer();
    api.say({ photo, caption: 'as an ink drawing' });
    const { fields, files } = await api.sent('sendPhoto');
    assert.deepEqual(
      { chat: fields.chat_id, caption: fields.caption },
      { chat: String(api.chat), caption: 'as an ink drawing' },
    );
    const [image] = files;
    const { mime, width, height } = inspect(image!.bytes)!;
    assert.deepEqual({ mime, width, height }, { mime: image!.mime, width: 320, height: 240 });
    assert.match(image!.fileName, /^as-an-ink-drawing-.*\.png$/);
  });

  it('answers /imagine with an image of what was written', async () => {
    api.say({ text: '/imagine a red lighthouse' });
    const { fields, files } = await api.sent('sendPhoto');
    assert.equal(fields.caption, 'a red lighthouse');
    assert.equal(inspect(files[0]!.bytes)?.mime, 'image/png');
  });

  it('says what went wrong, in the chat', async () => {
    api.say({ text: '/imagine something forbidden' });
    const { fields } = await api.sent('sendMessage');
    assert.match(fields.text ?? '', /content policy/);
  });

  it('asks for a prompt where /imagine stands alone', async () => {
    api.say({ text: '/imagine' });
    const { fields } = await api.sent('sendMessage');
    assert.match(fields.text ?? '', /prompt/);
  });
});
