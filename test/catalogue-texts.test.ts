import assert from 'node:assert/strict';
import { usuallyCharged } from '../src/errors.js';
import { messages } from '../src/messages.js';
import { type Texts, cataloguesIn, folders, languages, readCatalogue } from './helpers/catalogues.js';

const codes = Object.keys(usuallyCharged);

/** The texts of one section of a catalogue, by what follows its name. */
function section(texts: Texts, name: string): Texts {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) =>
      key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), text]] : [],
    ),
  );
}

/** What is filled in, and the properties that a reader looks for. */
function placeholders(text: string): string[] {
  return (text.match(/\{\{[\w.]+\}\}|__[a-z]+__|\$\{\w+\}|msg\.[\w.]*\w/gi) ?? []).sort();
}

/** The width of a text where a letter of Chinese or Japanese is as wide as two others. */
function countColumns(text: string): number {
  return text.replace(/[\u3000-\u9fff\uff00-\uffef]/g, '--').length;
}

describe('the English catalogue', () => {
  const shared = readCatalogue('shared', 'en-US');

  it('holds the sentences of the library, word for word', () => assert.deepEqual(section(shared, 'error'), messages));

  it('has a hint for each code of an error, and for nothing else', () =>
    assert.deepEqual(Object.keys(section(shared, 'hint')).sort(), codes.toSorted()));

  it('has a status for each code of an error', () => {
    for (const code of codes) assert.ok(shared[`status.${code}`], code);
  });
});

for (const language of languages) {
  describe(`the texts in ${language}`, () => {
    for (const folder of folders) {
      it(`say all that the English say and fill in the same, in ${folder}`, () => {
        const [own, english] = [readCatalogue(folder, language), readCatalogue(folder, 'en-US')];
        assert.deepEqual(cataloguesIn(folder, language), cataloguesIn(folder, 'en-US'));
        assert.deepEqual(Object.keys(own).sort(), Object.keys(english).sort());
        for (const [key, text] of Object.entries(own)) {
          assert.notEqual(text.trim(), '', key);
          assert.deepEqual(placeholders(text), placeholders(english[key] ?? ''), key);
        }
      });
    }

    it('keep every status under 20 columns, with numbers of two digits too', () => {
      const statuses = Object.values(section(readCatalogue('shared', language), 'status')).map((text) =>
        text.replace(/__\w+__/g, '12'),
      );
      assert.deepEqual(statuses.filter((text) => countColumns(text) >= 20), []); // prettier-ignore
    });

    it('speak in whole sentences, but for what was done to an image: before -> after', () => {
      const shared = readCatalogue('shared', language);
      const texts = Object.values({ ...section(shared, 'error'), ...section(shared, 'hint') }).filter(
        (text) => !text.includes('{{before}} -> {{after}}'),
      );
      assert.deepEqual(texts.filter((text) => !/^[\p{Lu}\p{Lo}{0-9].*[.)}。）]$/su.test(text)), []); // prettier-ignore
    });
  });
}

describe('the texts in fr', () => {
  it('keep : ; ? ! and « » with their words', () => {
    const texts = folders.flatMap((folder) => Object.values(readCatalogue(folder, 'fr')));
    assert.deepEqual(texts.filter((text) => /(?<!\u00a0)[;?!»]|« |(?<=\p{L}|\}|\)) ?:(?= |$)/u.test(text)), []); // prettier-ignore
  });
});
