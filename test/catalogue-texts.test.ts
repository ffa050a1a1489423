import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usuallyCharged } from '../src/errors.js';
import { sentences } from '../src/sentences.js';

const catalogue = JSON.parse(readFileSync(join(__dirname, '../nodes/shared/locales/en-US/shared.json'), 'utf8')) as Record<'status' | 'error' | 'hint', Record<string, string>>;
const codes = Object.keys(usuallyCharged);

describe('the English catalogue', () => {
  it('holds the sentences of the library, word for word', () => assert.deepEqual(catalogue.error, sentences));

  it('has a hint for each code of an error, and for nothing else', () => assert.deepEqual(Object.keys(catalogue.hint).sort(), codes.toSorted()));

  for (const code of codes) {
    it(`shows ${code} as a status of under 20 characters`, () => {
      const text = catalogue.status[code] ?? '';
      assert.ok(text.length > 0 && text.length < 20, `“${text}”`);
    });
  }

  it('keeps every other fixed status under 20 characters', () => {
    for (const [key, text] of Object.entries(catalogue.status).filter(([, value]) => !value.includes('__'))) assert.ok(text.length < 20, `${key}: “${text}”`);
  });

  it('speaks in whole sentences, but for what was done to a picture: before -> after', () => {
    const texts = Object.entries({ ...catalogue.error, ...catalogue.hint }).filter(([, text]) => !text.includes('{{before}} -> {{after}}'));
    for (const [key, text] of texts) assert.match(text, /^[A-Z{0-9].*[.)}]$/s, key);
  });
});
