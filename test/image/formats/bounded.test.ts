import assert from 'node:assert/strict';
import { inspect } from '../../../src/image/inspect.js';
import { box, latin1, uint32 } from '../../helpers/image-files.js';

const length = 25_000_000;
const nothing = Buffer.alloc(4);

/** A beginning, then the same again and again up to the largest input. */
const filled = (start: Buffer | string, unit: Buffer | string): Buffer => {
  const bytes = Buffer.alloc(length, typeof unit === 'string' ? latin1(unit) : unit);
  (typeof start === 'string' ? latin1(start) : start).copy(bytes);
  return bytes;
};

/** The start of a box that reaches to the end of the file. */
const opened = (type: string, before: Buffer): Buffer =>
  Buffer.concat([before, uint32(length - before.length), latin1(type)]);

const frame = '\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x10\x03\x01\x22\0\x02\x11\x01\x03\x11\x01';
const png = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x05\0\0\0\x05\x08\x02\0\0\0\0\0\0\0';
const gif = 'GIF89a\x05\0\x05\0\0\0\0';
const type = box('ftyp', latin1('avif'), nothing, latin1('mif1avif'));
const size = box('ispe', nothing, uint32(1), uint32(1));
const meta = Buffer.concat([opened('meta', type), nothing]);
const properties = opened('iprp', Buffer.concat([meta, box('pitm', nothing, Buffer.from([0xff, 0xff]))]));

const files: [what: string, bytes: () => Buffer][] = [
  ['a JPEG of zeros', () => filled('\xff\xd8\xff\xe0\0\x04\0\0', '\0')],
  ['a JPEG of fill bytes', () => filled('\xff\xd8\xff', '\xff')],
  ['a JPEG of empty segments', () => filled('\xff\xd8', '\xff\xe0\0\x02')],
  ['a JPEG of restart markers', () => filled('\xff\xd8', '\xff\xd0')],
  ['a JPEG whose image data never end', () => filled(`${frame}\xff\xda\0\x02`, '\0')],
  ['a JPEG whose image data are half markers', () => filled(`${frame}\xff\xda\0\x02`, '\xff')],
  ['a PNG of empty chunks', () => filled(png, '\0')],
  ['a PNG of EXIF chunks', () => filled(png, '\0\0\0\0eXIf\0\0\0\0')],
  ['a GIF of extensions', () => filled(gif, '\x21\xf9\0')],
  ['a GIF of blocks of one byte', () => filled(`${gif}\x2c\0\0\0\0\0\0\0\0\0\0`, '\x01')],
  ['a WebP of empty chunks', () => filled('RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x05\0\0\x05\0\0', 'ABCD\0\0\0\0')],
  ['an AVIF of empty boxes', () => filled(type, '\0\0\0\x08meta')],
  ['an AVIF of sizes', () => filled(opened('ipco', properties), size)],
  [
    'an AVIF of items without properties',
    () =>
      filled(
        Buffer.concat([opened('ipma', Buffer.concat([properties, box('ipco', size)])), nothing, uint32(0xffffffff)]),
        '\0',
      ),
  ],
  ['an SVG of roots', () => filled('<svg ', '<svg ')],
  ['an SVG of attributes', () => filled('<svg ', 'a ')],
  ['an SVG of open quotes', () => filled('<svg ', 'a="')],
  ['an SVG of one name', () => filled('<svg ', 'a')],
  ['an SVG of comments', () => filled('<!---->', '<!---->')],
  ['an SVG of comments that never end', () => filled('<!--', '<!--')],
  ['an SVG of declarations', () => filled('<!DOCTYPE a>', '<!DOCTYPE a>')],
  ['an SVG of brackets', () => filled('<!DOCTYPE [', '[')],
  ['an SVG of a long number', () => filled('<svg width="', '1')],
  ['blanks', () => filled(' ', ' ')],
  ['a TIFF of tags', () => filled('II*\0\x08\0\0\0\xff\xff', '\0\x01\x03\0\x01\0\0\0\x05\0\0\0')],
  ['an icon of images', () => filled('\0\0\x01\0\xff\xff', '\x05\x05\0\0\0\0\0\0\xff\xff\xff\0\xff\xff\xff\0')],
  ['a JPEG XL of boxes', () => filled('\0\0\0\x0cJXL \r\n\x87\n', '\0\0\0\x08abcd')],
];

describe('a header in 25 MB of nonsense', () => {
  for (const [what, make] of files) {
    it(`is looked for in ${what} for at most 20 ms`, () => {
      const bytes = make();
      assert.ok(Math.min(...Array.from({ length: 12 }, () => cpuTime(() => inspect(bytes)))) < 20);
    });
  }
});

/** Milliseconds of this process alone: other work on the machine does not count. */
function cpuTime(task: () => unknown): number {
  const start = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
