import assert from 'node:assert/strict';
import { type AddressStyle, readBaseUrl } from '../../src/api/base-url.js';
import {
  type EndpointSettings,
  authorize,
  plaintextKeyHost,
  resolveEndpoint,
  resolvePath,
} from '../../src/api/endpoint.js';

const apiRoot = (text: string, style: AddressStyle): string => readBaseUrl(text, style).root;

describe('the base URL', () => {
  const pasted: string[] = [
    'https://nano-gpt.com',
    'https://nano-gpt.com/',
    'https://nano-gpt.com/v1',
    'https://nano-gpt.com/v1/',
    'https://nano-gpt.com/api',
    'https://nano-gpt.com/api/v1',
    'https://nano-gpt.com/api/v1/',
    'https://nano-gpt.com/v1/images/generations',
    'https://nano-gpt.com/api/v1/images/generations',
    'https://nano-gpt.com/api/v1/images/generations/',
    'https://nano-gpt.com/v1/images/edits',
    'https://nano-gpt.com/api/v1/images',
    'https://nano-gpt.com/api/v1/image-models?detailed=true',
    'https://nano-gpt.com/api/check-balance',
    'https://nano-gpt.com//api//v1',
    'HTTPS://Nano-GPT.com/API/V1',
    'https://nano-gpt.com/v1#top',
    'nano-gpt.com',
    'nano-gpt.com/api/v1',
    '  https://nano-gpt.com/v1 \n',
    '"https://nano-gpt.com"',
    '<https://nano-gpt.com/v1>',
  ];
  for (const address of pasted) {
    it(`of NanoGPT as “${address}”`, () => assert.equal(apiRoot(address, 'host'), 'https://nano-gpt.com'));
  }

  const compatible: [string, string][] = [
    ['http://192.168.1.20:8080', 'http://192.168.1.20:8080/v1'],
    ['http://192.168.1.20:8080/', 'http://192.168.1.20:8080/v1'],
    ['http://192.168.1.20:8080/v1', 'http://192.168.1.20:8080/v1'],
    ['http://192.168.1.20:8080/v1/images/generations', 'http://192.168.1.20:8080/v1'],
    ['http://192.168.1.20:8080/v1/images/edits', 'http://192.168.1.20:8080/v1'],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
    ['https://host/some/path/v3', 'https://host/some/path/v3'],
    ['https://host/v1/models', 'https://host/v1'],
    ['https://host/v1/responses', 'https://host/v1'],
    ['https://host/v1/chat/completions', 'https://host/v1'],
    ['https://host/v1/images', 'https://host/v1'],
    ['https://host/v1/images/variations', 'https://host/v1'],
    ['localhost:8080', 'http://localhost:8080/v1'],
    ['192.168.1.20:8080', 'http://192.168.1.20:8080/v1'],
    ['nas:8080/v1', 'http://nas:8080/v1'],
    ['pi.local:8080', 'http://pi.local:8080/v1'],
    ['[::1]:8080', 'http://[::1]:8080/v1'],
    ['api.example.com', 'https://api.example.com/v1'],
  ];
  for (const [address, root] of compatible) {
    it(`of a compatible server as “${address}”`, () => assert.equal(apiRoot(address, 'version'), root));
  }

  for (const address of [
    'ftp://nano-gpt.com',
    'file:///etc/passwd',
    'javascript:alert(1)//',
    'https://',
    'http://a b/',
    '://x',
  ]) {
    it(`refuses “${address}”`, () => {
      assert.throws(() => apiRoot(address, 'host'), { code: 'not_configured', charged: 'no', key: 'bad_base_url' });
    });
  }

  describe('as an endpoint', () => {
    const endpoint = (baseUrl: string, changes: Partial<EndpointSettings> = {}): ReturnType<typeof resolveEndpoint> =>
      resolveEndpoint({ service: 'compatible', edits: '', apiKey: '', baseUrl, ...changes });

    it('keeps its query on every request', () => {
      const azure = endpoint('https://a.example/openai/deployments/dall-e-3/images/generations?api-version=2024-02-01');
      assert.equal(
        resolvePath(azure, '/images/edits').href,
        'https://a.example/openai/deployments/dall-e-3/images/edits?api-version=2024-02-01',
      );
      assert.equal(resolvePath(endpoint('http://a.lan/v1?token=a%26b'), '/x?y=1').search, '?y=1&token=a%26b');
    });

    for (const [address, pair] of Object.entries({
      'http://me:secret@a.lan/v1': 'me:secret',
      'http://me:p%40ss@a.lan/v1': 'me:p@ss',
      'http://me:100%@a.lan/v1': 'me:100%',
      'http://me@a.lan/v1': 'me:',
    })) {
      it(`turns the user and password of ${address} into Basic authorization`, () => {
        const { authorization } = authorize(endpoint(address));
        assert.equal(authorization, `Basic ${Buffer.from(pair).toString('base64')}`);
        assert.equal(endpoint(address).root, 'http://a.lan/v1');
      });
    }

    it('refuses a key beside a user and password, since only one of them can be sent', () => {
      assert.throws(() => endpoint('http://me:secret@a.lan', { apiKey: 'sk-1' }), {
        code: 'not_configured',
        key: 'base_url_and_key',
      });
    });

    const hosts: [string, string | undefined][] = [
      ['http://shop.example', 'shop.example'],
      ['http://8.8.8.8', '8.8.8.8'],
      ['http://100.128.0.1', '100.128.0.1'],
      ['http://172.32.0.1', '172.32.0.1'],
      ['http://[2606:4700::1111]', '[2606:4700::1111]'],
      ['https://shop.example', undefined],
      ['http://100.64.0.1', undefined],
      ['http://100.127.255.254', undefined],
      ['http://192.168.1.2', undefined],
      ['http://172.31.0.1', undefined],
      ['http://169.254.1.1', undefined],
      ['http://[::1]', undefined],
      ['http://[fd00::1]', undefined],
      ['http://[fe80::1]', undefined],
      ['http://nas', undefined],
      ['http://gpu.local', undefined],
      ['http://gpu.lan.', undefined],
    ];
    for (const [address, host] of hosts) {
      it(`${host === undefined ? 'does not warn' : 'warns'} of a plaintext key for ${address}`, () => {
        assert.equal(plaintextKeyHost(endpoint(address, { apiKey: 'sk-1' })), host);
        assert.equal(plaintextKeyHost(endpoint(address.replace('//', '//me:secret@'))), host);
        assert.equal(plaintextKeyHost(endpoint(address)), undefined);
      });
    }
  });
});
