import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPrivateHost, isPublicAddress } from '../../src/api/http/address-guard.js';
import { readBaseUrl } from '../../src/api/base-url.js';
import { readRetryAfter } from '../../src/api/response/retry-after.js';
import { readErrorInside, toFailure } from '../../src/api/response/to-failure.js';
import { proxyFor } from '../../src/api/http/proxy.js';
import { ImageError, usuallyCharged } from '../../src/errors.js';
import { readHeader } from '../../src/image/data-url.js';
import { decodeText } from '../../src/image/decode-text.js';
import { isHttpUrl } from '../../src/image/encoded-text.js';
import { looksLikeImage, toInputImages } from '../../src/image/input-images.js';
import { inspect } from '../../src/image/inspect.js';
import { png } from '../helpers/server-behaviors.js';
import { runs } from '../helpers/random.js';

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withObjectString: true,
  withNullPrototype: true,
});
const headers = fc.dictionary(fc.constantFrom('retry-after', 'x-request-id', 'request-id'), fc.string());
const same = (text: string): string => text;

/** Bytes that begin as an image does. */
const almostImages = fc
  .tuple(
    fc.constantFrom(
      png,
      Buffer.from('\xff\xd8\xff\xe0', 'latin1'),
      Buffer.from('GIF89a'),
      Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'),
      Buffer.from('<svg '),
      Buffer.from('\0\0\0\x1cftypavif', 'latin1'),
    ),
    fc.nat(),
    fc.uint8Array({ maxLength: 200 }),
  )
  .map(([head, length, rest]) => Buffer.concat([head.subarray(0, 4 + (length % head.length)), rest]));

function holds<T>(what: string, values: fc.Arbitrary<T>, check: (value: T) => void | Promise<void>): void {
  it(what, () =>
    fc.assert(
      fc.asyncProperty(values, async (value) => check(value)),
      runs(500),
    ),
  );
}

describe('any value', () => {
  holds(
    'of an error answer becomes an error whose verdict is known',
    fc.tuple(fc.integer({ min: 300, max: 999 }), headers, fc.oneof(fc.string(), fc.json())),
    ([status, head, text]) => {
      const error = toFailure({ status, headers: head }, text, same, 0);
      assert.ok(error.code in usuallyCharged && error.message.length > 10);
      assert.equal(
        error.charged,
        status < 500 || error.code !== 'server_failed' ? usuallyCharged[error.code] : 'unknown',
      );
    },
  );

  holds('inside a good answer is an error of ours or none', fc.tuple(headers, fc.jsonValue()), ([head, value]) => {
    const error = readErrorInside({ status: 200, headers: head }, { error: value }, same, 0);
    assert.ok(error === undefined || error instanceof ImageError);
  });

  holds('of Retry-After is a wait or nothing', fc.string(), (text) => {
    const seconds = readRetryAfter(text, Date.now());
    assert.ok(seconds === undefined || seconds >= 0);
  });

  holds(
    'of an address is judged without a hitch',
    fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.domain()),
    async (host) => {
      assert.equal(typeof isPublicAddress(host), 'boolean');
      assert.equal(typeof (await isPrivateHost(host, (_, __, callback) => callback(null, []))), 'boolean');
    },
  );

  holds(
    'of a base URL is an address or not configured',
    fc.tuple(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), fc.constantFrom('host' as const, 'version' as const)),
    ([text, style]) => {
      try {
        assert.match(readBaseUrl(text, style).root, /^https?:\/\/.*[^/]$/);
      } catch (error) {
        assert.ok(error instanceof ImageError && error.code === 'not_configured', String(error));
      }
    },
  );

  holds('as a part of hosts without a proxy is taken as it is', fc.array(fc.string()), (noProxy) => {
    const proxy = proxyFor(new URL('http://nano-gpt.com'), { url: 'http://proxy', noProxy });
    assert.equal(
      proxy === undefined,
      noProxy.some((part) => part !== '' && 'nano-gpt.com'.includes(part)),
    );
  });

  holds(
    'as an input image is images or one of our errors',
    fc.oneof(anything, fc.string(), fc.array(anything), almostImages),
    async (value) => {
      assert.equal(typeof looksLikeImage(value), 'boolean');
      assert.equal(typeof isHttpUrl(value), 'boolean');
      await toInputImages(value, 'msg.payload', async () => png).then(
        (images) => assert.ok(images.every(({ bytes, width, height }) => bytes.length > 0 && width > 0 && height > 0)),
        (error: unknown) => assert.ok(error instanceof ImageError, String(error)),
      );
    },
  );

  holds('that begins as an image has a size or is none', almostImages, (bytes) => {
    const found = inspect(bytes);
    assert.ok(found === undefined || (found.width > 0 && found.height > 0));
  });

  holds(
    'that begins as a data URL is bytes or nothing',
    fc.tuple(
      fc.constantFrom('data:', 'data:image/png;base64,', 'data:,', 'data:text/plain,', 'data:;base64,'),
      fc.string(),
    ),
    async ([head, text]) => {
      const url = head + text;
      const header = readHeader(url);
      const bytes = header && (await decodeText(url, { ...header, end: url.length }));
      assert.ok(bytes === undefined || Buffer.isBuffer(bytes));
    },
  );
});
