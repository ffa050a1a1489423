import assert from 'node:assert/strict';
import { inspect } from '../../../src/image/inspect.js';

const root = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>';
const doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"';

describe('the header of an SVG', () => {
  for (const [what, text] of [
    ['alone', root],
    ['behind a byte order mark', `\ufeff${root}`],
    ['behind a declaration', `<?xml version="1.0" encoding="UTF-8"?>\n${root}`],
    ['behind a DOCTYPE', `<?xml version="1.0"?>${doctype}>${root}`],
    ['behind a DOCTYPE with declarations', `${doctype} [\n<!ENTITY ns "http://x/">\n]>\n${root}`],
    ['behind long comments', `<!--${'made by hand '.repeat(20_000)}-->\n<!-- > -->${root}`],
    ['with a prefix', '<svg:svg width="30" height="20"></svg:svg>'],
    ['without quotes', '<svg width=30 height=20></svg>'],
    ['with a value that holds the end of a tag', '<svg data-name="a > b" width="30" height="20"></svg>'],
  ] as const) {
    it(`is read ${what}`, () => {
      const { mime, width, height, complete } = inspect(Buffer.from(text))!;
      assert.deepEqual([mime, width, height, complete], ['image/svg+xml', 30, 20, true]);
    });
  }

  it('is read as UTF-16', () => {
    assert.equal(inspect(Buffer.from(`\ufeff${root}`, 'utf16le'))?.width, 30);
  });

  for (const [attributes, size] of [
    ['width="2in" height="1in"', [192, 96]],
    ['width="1.5e2px" height="10.4"', [150, 10]],
    ['width="100%" height="100%" viewBox="0 0 64 32"', [64, 32]],
    ['viewBox="0, 0, 64, 32"', [64, 32]],
    ['width="128" viewBox="0 0 64 32"', [128, 64]],
    ['height="128" viewBox="0 0 64 32"', [256, 128]],
    ['', [300, 150]],
  ] as const) {
    it(`has ${size.join('x')} where it says ${attributes || 'nothing'}`, () => {
      const { width, height } = inspect(Buffer.from(`<svg ${attributes}></svg>`))!;
      assert.deepEqual([width, height], size);
    });
  }

  it('tells one that is cut off', () => {
    assert.equal(inspect(Buffer.from('<svg width="3" height="2"><path d="M0 0"/>'))?.complete, false);
    assert.equal(inspect(Buffer.from('<svg width="3" height="2"><path d="M0 0"/></svg>\n'))?.complete, true);
  });

  for (const text of ['<html><svg></svg></html>', 'a <svg/>', '<svgs/>', '<!-- <svg/>', `${doctype}`]) {
    it(`is none in ${text.slice(0, 30)}`, () => assert.equal(inspect(Buffer.from(text)), undefined));
  }
});
