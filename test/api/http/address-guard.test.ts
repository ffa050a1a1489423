import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import {
  type Lookup,
  guardedLookup,
  isLiteral,
  isPrivateHost,
  isPublicAddress,
} from '../../../src/api/http/address-guard.js';
import { ImageError } from '../../../src/errors.js';
import { addresses, answer, good, goodImage, png } from '../../helpers/server-behaviors.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../../helpers/account-fixture.js';

describe('address guard', () => {
  const publicOnes = [
    '93.184.216.34',
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '192.167.1.1',
    '223.255.255.255',
    '11.0.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
  ];
  for (const address of publicOnes)
    it(`takes ${address} for public`, () => assert.equal(isPublicAddress(address), true));

  const specialOnes = [
    ['0.0.0.0', 'this host'],
    ['10.0.0.1', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'CGNAT'],
    ['100.127.255.255', 'CGNAT'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['169.254.169.254', 'metadata service'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['198.18.0.1', 'benchmarking'],
    ['203.0.113.1', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['[::1]', 'loopback in brackets'],
    ['::ffff:127.0.0.1', 'loopback as IPv6'],
    ['::ffff:7f00:1', 'loopback as IPv6, in hexadecimal'],
    ['::ffff:10.1.2.3', 'private as IPv6'],
    ['::ffff:169.254.169.254', 'metadata service as IPv6'],
    ['::127.0.0.1', 'loopback, IPv4-compatible'],
    ['64:ff9b::7f00:1', 'loopback, NAT64'],
    ['2002:7f00:1::', 'loopback, 6to4'],
    ['fc00::1', 'unique local'],
    ['fd12:3456::1', 'unique local'],
    ['fd00:ec2::254', 'metadata service'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['not an address', 'nothing'],
    ['', 'nothing'],
  ] as const;
  for (const [address, what] of specialOnes)
    it(`does not take ${address} for public: ${what}`, () => assert.equal(isPublicAddress(address), false));

  const disguised = [
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0x7f.1',
    '017700000001',
    '127.0.0.1.',
    '１２７.0.0.1',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '%31%32%37.0.0.1',
  ];
  for (const host of disguised) {
    it(`sees through ${host}, as URLs write it`, () => {
      const { hostname } = new URL(`http://${host}/`);
      assert.deepEqual([isLiteral(hostname), isPublicAddress(hostname)], [true, false]);
    });
  }

  describe('for names', () => {
    it('fails where one of several addresses is not public', async () => {
      for (const bad of ['10.0.0.1', '::1', '169.254.169.254', 'fe80::1']) {
        await assert.rejects(resolved(['93.184.216.34', bad, '2606:4700::1111']), { code: 'EBLOCKED' });
      }
    });

    it('gives all addresses where all are public', async () => {
      const found = await resolved(['93.184.216.34', '2606:4700::1111']);
      assert.deepEqual(
        found.map(({ address }) => address),
        ['93.184.216.34', '2606:4700::1111'],
      );
    });

    it('passes on why a name has none', async () => {
      await assert.rejects(resolved(undefined), { code: 'ENOTFOUND' });
    });

    const hosts: [string, string[] | undefined, boolean][] = [
      ['camera.example', ['192.168.1.5'], true],
      ['mixed.example', ['93.184.216.34', 'fd00::1'], true],
      ['public.example', ['93.184.216.34'], false],
      ['unknown.example', undefined, false],
      ['localhost', undefined, true],
      ['LOCALHOST.', undefined, true],
      ['deep.localhost', undefined, true],
      ['localhost.example', undefined, false],
      ['[::1]', undefined, true],
      ['8.8.8.8', undefined, false],
    ];
    for (const [host, found, isPrivate] of hosts) {
      it(`calls ${host} ${isPrivate ? 'private' : 'public'}${found ? ` at ${found.join(', ')}` : ''}`, async () => {
        assert.equal(await isPrivateHost(host, makeLookup(found)), isPrivate);
      });
    }
  });

  describe('of input images', () => {
    let fixture: AccountFixture;
    const { signal } = new AbortController();

    afterEach(() => fixture.close());

    const fetch = (address: string): Promise<Buffer> => fixture.account.fetchInput(address, 'msg.payload', signal);
    const url = (path = '/snapshot.jpg'): string => `http://127.0.0.1:${fixture.server.port}${path}`;
    const seen = (): number => fixture.server.seen.GET;

    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      'service.example',
    ]) {
      it(`fetches nothing from ${host}`, async () => {
        fixture = await startAccountFixture();
        fixture.names.set('localhost', ['127.0.0.1']).set('service.example', ['93.184.216.34', '127.0.0.1']);
        await assert.rejects(fetch(`http://${host}:${fixture.server.port}/`), (error) => {
          assert.ok(error instanceof ImageError);
          assert.deepEqual([error.code, error.charged, error.retryable], ['blocked_address', 'no', false]);
          return true;
        });
        assert.equal(seen(), 0);
      });
    }

    it('fetches from anywhere where the account allows it', async () => {
      fixture = await startAccountFixture('plain', { imageUrls: 'any' });
      fixture.names.set('camera.example', ['127.0.0.1']);
      assert.deepEqual(await fetch(url()), png);
      assert.deepEqual(await fetch(`http://camera.example:${fixture.server.port}/`), png);
    });

    it('fetches nothing where the account does not allow addresses', async () => {
      fixture = await startAccountFixture('plain', { imageUrls: 'never' });
      await assert.rejects(fetch('http://93.184.216.34/'), { code: 'blocked_address', charged: 'no' });
    });

    it('carries no key', async () => {
      fixture = await startAccountFixture('plain', { imageUrls: 'any' });
      await fetch(url());
      assert.doesNotMatch(fixture.server.heads.join(), /authorization|api-key|sk-nano/i);
    });

    it('follows three redirects and no more', async () => {
      fixture = await startAccountFixture('plain', { imageUrls: 'any' });
      fixture.server.behaviors.GET = async (peer) => {
        await peer.header();
        const left = Number(peer.path.slice(1));
        await (left === 0 ? goodImage(peer) : answer(302, '', { location: `/${left - 1}` })(peer));
      };
      assert.deepEqual(await fetch(url('/3')), png);
      await assert.rejects(fetch(url('/4')), { code: 'invalid_input', charged: 'no' });
      assert.equal(seen(), 8);
    });

    it('judges the address that a proxy is asked for, too', async () => {
      fixture = await startAccountFixture('proxy');
      fixture.names.set('camera.example', ['192.168.1.5']);
      for (const host of ['10.0.0.1', 'localhost', 'camera.example'])
        await assert.rejects(fetch(`http://${host}/`), { code: 'blocked_address' });
      assert.deepEqual([fixture.proxy.seen.CONNECT, fixture.proxy.seen.GET], [0, 0]);
      assert.deepEqual(await fetch('http://known-to-the-proxy.example/'), png);
    });

    it('judges where a redirect leads', async () => {
      fixture = await startAccountFixture('proxy');
      fixture.server.behaviors.GET = answer(302, '', { location: url('/secret') });
      await assert.rejects(fetch('http://known-to-the-proxy.example/'), { code: 'blocked_address', charged: 'no' });
      assert.deepEqual([fixture.proxy.seen.GET, seen()], [1, 0]);
    });

    for (const [what, location] of Object.entries({
      'a file': 'file:///etc/passwd',
      'no address': 'http://',
      nothing: '',
    })) {
      it(`calls a redirect to ${what} an unusable input`, async () => {
        fixture = await startAccountFixture('plain', { imageUrls: 'any' });
        fixture.server.behaviors.GET = answer(302, '', location === '' ? {} : { location });
        await assert.rejects(fetch(url()), { code: 'invalid_input', charged: 'no' });
      });
    }

    for (const address of ['http://', 'http://[', 'http://a b/', 'https://:99999/']) {
      it(`calls ${address} an unusable input`, async () => {
        fixture = await startAccountFixture();
        await assert.rejects(fetch(address), { code: 'invalid_input', charged: 'no' });
      });
    }

    it('is not charged when it is cancelled on the way', async () => {
      fixture = await startAccountFixture('plain', { imageUrls: 'any' }, { standing: true });
      const stop = new AbortController();
      fixture.server.behaviors.GET = async (peer) => {
        await peer.request();
        stop.abort(new ImageError('cancelled', 'cancelled'));
        await peer.linger();
      };
      await assert.rejects(fixture.account.fetchInput(url(), 'msg.payload', stop.signal), {
        code: 'cancelled',
        charged: 'no',
      });
      await fixture.server.idle();
    });
  });

  it('lets a service on a private network serve its images from there', async () => {
    const fixture = await startAccountFixture();
    fixture.server.behaviors.POST = addresses(`http://127.0.0.1:${fixture.proxy.port}/image.png`);
    fixture.proxy.behaviors.GET = goodImage;
    const { images } = await fixture.account.generate(foxRequest, { signal: new AbortController().signal });
    assert.deepEqual(images[0]?.bytes, png);
    fixture.server.behaviors.POST = good;
    await fixture.close();
  });
});

function makeLookup(found: string[] | undefined): Lookup {
  return (hostname, _, callback) => {
    if (found)
      callback(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    else callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), []);
  };
}

function resolved(found: string[] | undefined): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) =>
    guardedLookup(makeLookup(found))('name.example', { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    ),
  );
}
