import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { AccountSettings } from '../../../src/account/settings.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../../helpers/account-fixture.js';
import { stranger } from '../../helpers/certificates.js';
import { addresses, answer, goodImage, inTurn, png, raw } from '../../helpers/server-behaviors.js';

const { signal } = new AbortController();
const apiKey = 'sk-of-the-server';
const compatible: Partial<AccountSettings> = { service: 'compatible', apiKey, retries: 0 };

describe('a generated image', () => {
  let fixture: AccountFixture;
  let paths: string[];

  afterEach(() => fixture.close());

  /** The service answers with an address, in which `{service}` and `{other}` stand for ports; the other port is the proxy's. */
  async function start(address: string, settings: Partial<AccountSettings> = compatible): Promise<void> {
    fixture = await startAccountFixture('plain', settings);
    const { server, proxy } = fixture;
    paths = [];
    server.behaviors.POST = addresses(
      address.replace('{service}', String(server.port)).replace('{other}', String(proxy.port)),
    );
    server.behaviors.GET = async (peer) => {
      await peer.header();
      paths.push(peer.path);
      await goodImage(peer);
    };
  }

  const generate = async (): Promise<Buffer | undefined> =>
    (await fixture.account.generate(foxRequest, { signal })).images[0]?.bytes;

  const keysShown = (): number =>
    [...fixture.server.heads, ...fixture.proxy.heads].filter((head) => head.startsWith('GET') && head.includes(apiKey))
      .length;

  it('is fetched again where it is not there yet', async () => {
    await start('/image.png');
    fixture.server.behaviors.GET = inTurn(answer(404, 'not yet'), answer(404, 'not yet'), goodImage);
    assert.deepEqual(await generate(), png);
    assert.equal(fixture.server.seen.POST, 1);
  });

  for (const status of [202, 204, 403, 409, 425]) {
    it(`is fetched again after a ${status}`, async () => {
      await start('/image.png');
      fixture.server.behaviors.GET = inTurn(answer(status, ''), goodImage);
      assert.deepEqual(await generate(), png);
    });
  }

  it('is fetched again where its file is still empty', async () => {
    await start('/image.png');
    fixture.server.behaviors.GET = inTurn(answer(200, ''), goodImage);
    assert.deepEqual(await generate(), png);
  });

  for (const status of [201, 203, 206]) {
    it(`is taken from a ${status}`, async () => {
      await start('/image.png');
      fixture.server.behaviors.GET = answer(status, png);
      assert.deepEqual(await generate(), png);
      assert.equal(fixture.server.seen.GET, 1);
    });
  }

  const encodings: [name: string, body: Buffer][] = [
    ['gzip, identity', gzipSync(png)],
    ['deflate', deflateSync(png)],
    ['deflate', deflateRawSync(png)],
    ['aws-chunked', png],
  ];
  for (const [name, body] of encodings) {
    it(`is unpacked from ${body === png ? 'nothing' : `${body.length} bytes`} in ${name}`, async () => {
      await start('/image.png');
      fixture.server.behaviors.GET = answer(200, body, { 'content-encoding': name });
      assert.deepEqual(await generate(), png);
    });
  }

  const protectedImage = answer(401, { error: 'An authentication key is required' });

  it('is fetched with the key where a self-hosted server requires it, and only after a 401', async () => {
    await start('http://127.0.0.1:{service}/image.png');
    fixture.server.behaviors.GET = inTurn(protectedImage, goodImage);
    assert.deepEqual(await generate(), png);
    assert.equal(keysShown(), 1);
    assert.doesNotMatch(fixture.server.heads[1]!, /authorization/i);
  });

  it('is never fetched with the key from another origin', async () => {
    await start('http://localhost:{other}/image.png');
    fixture.names.set('localhost', ['127.0.0.1']);
    fixture.proxy.behaviors.GET = protectedImage;
    fixture.server.behaviors.GET = answer(404, 'gone');
    await assert.rejects(generate(), { code: 'download_failed', charged: 'yes' });
    assert.equal(keysShown(), 0);
  });

  it('is never fetched with the key of a service that stores its images elsewhere', async () => {
    await start('/image.png', { retries: 0, apiKey });
    fixture.server.behaviors.GET = protectedImage;
    await assert.rejects(generate(), { code: 'download_failed' });
    assert.equal(keysShown(), 0);
  });

  for (const [what, address] of Object.entries({
    'a port where nothing listens': 'http://127.0.0.1:9/files/1.png?sig=a',
    'a name that only it knows': 'http://localai:8080/files/1.png?sig=a',
    'https where it speaks http': 'https://127.0.0.1:{service}/files/1.png?sig=a',
    'an address where something else answers': 'http://127.0.0.1:{other}/files/1.png?sig=a',
  })) {
    it(`is fetched at the base URL where the server names ${what}`, async () => {
      await start(address);
      fixture.proxy.behaviors.GET = answer(404, 'another server');
      assert.deepEqual(await generate(), png);
      assert.deepEqual(paths.slice(-1), ['/files/1.png?sig=a']);
    });
  }

  it('leaves its address in the failure where it cannot be found', async () => {
    await start('http://127.0.0.1:9/files/1.png');
    fixture.server.behaviors.GET = answer(410, 'gone');
    await assert.rejects(generate(), (error: { details: { urls?: string[] } }) => {
      assert.deepEqual(error.details.urls, ['http://127.0.0.1:9/files/1.png']);
      return true;
    });
  });

  describe('of a service whose name resolves to a private address only later', () => {
    beforeEach(async () => {
      fixture = await startAccountFixture('proxy', { baseUrl: 'http://service.example', service: 'compatible' });
      fixture.names.set('service.example', ['93.184.216.34']);
      fixture.server.behaviors.POST = async (peer) => {
        await addresses(`http://service.example:${fixture.server.port}/cgi-bin/reboot`, '/cgi-bin/reboot')(peer);
        fixture.names.set('service.example', ['127.0.0.1']);
      };
    });

    it('is not fetched from there', async () => {
      await assert.rejects(generate(), { code: 'download_failed', charged: 'yes' });
      assert.equal(fixture.server.seen.GET + fixture.proxy.seen.GET, 0);
    });
  });
});

describe('an input image', () => {
  it('is fetched with the user and password of its address, which no other origin gets', async () => {
    const fixture = await startAccountFixture('plain', { imageUrls: 'any' });
    const { server, proxy } = fixture;
    server.behaviors.GET = inTurn(
      answer(302, '', { location: '/snapshot' }),
      answer(302, '', { location: `http://127.0.0.1:${proxy.port}/` }),
    );
    proxy.behaviors.GET = goodImage;
    const address = `http://admin:cam123@127.0.0.1:${server.port}/cgi-bin/snapshot.cgi?channel=1`;
    assert.deepEqual(await fixture.account.fetchInput(address, 'msg.payload', signal), png);
    const basic = `authorization: Basic ${Buffer.from('admin:cam123').toString('base64')}`;
    assert.deepEqual(
      [...server.heads, ...proxy.heads].map((head) => head.includes(basic)),
      [true, true, false],
    );
    assert.match(server.heads[0]!, /^GET \/cgi-bin\/snapshot\.cgi\?channel=1 .*\r\nuser-agent: node-red-nanogpt\//is);
    await fixture.close();
  });
});

describe('an input image', () => {
  it('behind a certificate of an unknown authority is refused with that reason', async () => {
    const camera = createServer(stranger, (_, response) => response.end(png)).listen(0, '127.0.0.1');
    await once(camera, 'listening');
    const fixture = await startAccountFixture('plain', { ...compatible, imageUrls: 'any' });
    try {
      const address = `https://127.0.0.1:${(camera.address() as AddressInfo).port}/snapshot.jpg`;
      await assert.rejects(fixture.account.fetchInput(address, 'msg.payload', signal), {
        message: /msg\.payload.*certificate of its server is not trusted/,
      });
    } finally {
      await fixture.close();
      camera.close();
    }
  });

  it('from a camera with malformed header lines is refused with a node that can read it', async () => {
    const fixture = await startAccountFixture('plain', { ...compatible, imageUrls: 'any' });
    fixture.server.behaviors.GET = raw(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\nContent-Type: image/png\n\n'), png]),
    );
    const address = `http://127.0.0.1:${fixture.server.port}/snapshot.cgi`;
    try {
      await assert.rejects(fixture.account.fetchInput(address, 'msg.payload', signal), {
        charged: 'no',
        message: /not proper HTTP.*http request node with “Disable strict HTTP parsing”/,
      });
    } finally {
      await fixture.close();
    }
  });
});
