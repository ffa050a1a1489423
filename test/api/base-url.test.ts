import assert from 'node:assert/strict';
import { apiRoot } from '../../src/api/base-url.js';

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
});
