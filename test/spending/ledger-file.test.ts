import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settlement, type LedgerEntry, LedgerFile, monthName } from '../../src/spending/ledger-file.js';
import { temporaryFolder } from '../helpers/packed.js';

const november = new Date(2026, 10, 20, 12).getTime();

function entry(id: string, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return { id, time: november, model: 'hidream', n: 2, estimate: 0.02, currency: 'USD', ...changes };
}

describe('the ledger', () => {
  let folder: string;
  let count = 0;
  let directory: string;
  let file: string;
  let ledger: LedgerFile;

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(() => {
    directory = join(folder, String(++count), 'account');
    file = join(directory, '2026-11.jsonl');
    ledger = new LedgerFile(directory);
  });

  afterEach(() => ledger.close());

  const lines = async (path = file): Promise<unknown[]> =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  async function read(month = '2026-11'): Promise<LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    await new LedgerFile(directory).read(month, (one) => entries.push(one));
    return entries;
  }

  /** Puts text into the file as a process that was ended may have left it. */
  async function leave(text: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    await writeFile(file, text);
  }

  it('writes a line for a request that goes out, and one for how it ended', async () => {
    await ledger.recordSent(entry('1'));
    await ledger.recordSettlement(entry('1'), { at: 'paid', cost: 0.019 }, november + 5000);
    assert.deepEqual(await lines(), [
      { v: 1, t: november, id: '1', at: 'sent', model: 'hidream', n: 2, estimate: 0.02, currency: 'USD' },
      { v: 1, t: november + 5000, id: '1', at: 'paid', cost: 0.019 },
    ]);
  });

  it('keeps the order of the fields, for people who read it', async () => {
    await ledger.recordSent(entry('1', { model: '' }));
    assert.equal(
      await readFile(file, 'utf8'),
      `{"v":1,"t":${november},"id":"1","at":"sent","model":"","n":2,"estimate":0.02,"currency":"USD"}\n`,
    );
  });

  const ends: [what: string, settlement: Settlement][] = [
    ['paid', { at: 'paid', cost: 0.5 }],
    ['paid, the cost unknown', { at: 'paid' }],
    ['paid in another currency', { at: 'paid', cost: 26.7, currency: 'XNO' }],
    ['free', { at: 'free' }],
    ['unknown', { at: 'unknown' }],
  ];
  for (const [what, settlement] of ends) {
    it(`reads again what it wrote: ${what}`, async () => {
      await ledger.recordSent(entry('1'));
      await ledger.recordSettlement(entry('1'), settlement, november);
      assert.deepEqual(await read(), [entry('1', { settlement })]);
    });
  }

  it('reads what is under way as that', async () => {
    const { estimate: _, ...unknownPrice } = entry('2');
    await ledger.recordSent(entry('1'));
    await ledger.recordSent(unknownPrice);
    assert.deepEqual(await read(), [entry('1'), unknownPrice]);
  });

  it('has a line on disk when it says so', async () => {
    const many = Array.from({ length: 200 }, (_, index) => entry(String(index)));
    await Promise.all(
      many.map(async (one) => {
        await ledger.recordSent(one);
        assert.ok((await readFile(file, 'utf8')).includes(`"id":"${one.id}","at":"sent"`));
      }),
    );
    assert.equal((await lines()).length, 200);
  });

  it('keeps a file for each month, and books in that of the month in which it was sent', async () => {
    const late = entry('1', { time: new Date(2026, 10, 30, 23, 59, 59).getTime() });
    const december = new Date(2026, 11, 1).getTime();
    await ledger.recordSent(late);
    await ledger.recordSent(entry('2', { time: december }));
    await ledger.recordSettlement(late, { at: 'free' }, december + 1);
    assert.deepEqual((await lines()).length, 2);
    assert.deepEqual(
      (await read()).map(({ settlement }) => settlement),
      [{ at: 'free' }],
    );
    assert.deepEqual(
      (await read('2026-12')).map(({ id }) => id),
      ['2'],
    );
    assert.equal(monthName(new Date(2027, 0, 1).getTime() - 1), '2026-12');
  });

  it('can be read by the user of the process only', async () => {
    await ledger.recordSent(entry('1'));
    assert.equal((await stat(file)).mode & 0o077, 0);
  });

  it('is empty where there is nothing', async () => {
    assert.deepEqual(await read(), []);
    await leave('');
    assert.deepEqual(await read(), []);
  });

  describe('that was torn by a crash', () => {
    const whole = `{"v":1,"t":${november},"id":"1","at":"sent","model":"hidream","n":2,"estimate":0.02,"currency":"USD"}\n`;

    it('passes over the torn line', async () => {
      await leave(`${whole}{"v":1,"t":${november},"id":"1","at":"pa`);
      assert.deepEqual(await read(), [entry('1')]);
    });

    it('does not spoil the next line, too', async () => {
      await leave(`${whole}{"v":1,"t":${november},"id":"1","at":"pa`);
      await ledger.recordSent(entry('2'));
      assert.deepEqual(
        (await read()).map(({ id }) => id),
        ['1', '2'],
      );
    });

    it('reads a last line that only lacks its break', async () => {
      await leave(whole.trimEnd());
      assert.deepEqual(await read(), [entry('1')]);
    });

    it('passes over whatever else is no line of a ledger', async () => {
      await leave(
        [
          '',
          'x',
          '[]',
          'null',
          '{}',
          '{"id":5}',
          '{"id":"9","at":"paid","cost":1}',
          '{"id":"8","at":"sent"}',
          '\0\0\0\0',
        ].join('\n') + `\n${whole}`,
      );
      assert.deepEqual(await read(), [entry('1')]);
    });
  });

  it('reads letters that fall on the border between two pieces', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `${'ä€😀'.repeat(5)}${index}`);
    await Promise.all(names.map((model, index) => ledger.recordSent(entry(String(index), { model }))));
    assert.deepEqual(
      (await read()).map(({ model }) => model),
      names,
    );
  });

  it('writes on after its end, and holds no file for it', async () => {
    await ledger.recordSent(entry('1'));
    await ledger.close();
    await ledger.recordSettlement(entry('1'), { at: 'unknown' }, november);
    assert.deepEqual(await read(), [entry('1', { settlement: { at: 'unknown' } })]);
  });

  it('takes nothing that it writes itself for the work of another process, closed or open', async () => {
    const interference: string[] = [];
    const watched = new LedgerFile(directory, (what) => interference.push(what));
    const written: Promise<void>[] = [];
    for (let number = 0; number < 20; number++) {
      written.push(watched.recordSent(entry(String(number))), watched.close());
      written.push(watched.recordSettlement(entry(String(number)), { at: 'free' }, november));
      if (number % 3 === 0) await watched.recordSent(entry(`${number}, alone`));
      watched.open();
      written.push(watched.recordSent(entry(`${number}, again`)));
    }
    await Promise.all(written);
    assert.deepEqual(interference, []);
    assert.equal((await read()).length, 47);
    await watched.recordSent(entry('before the other'));
    await appendFile(file, '\n');
    await watched.recordSent(entry('last'));
    assert.deepEqual(interference, ['written']);
    await watched.close();
  });

  it('rejects where it cannot write or read', async () => {
    await mkdir(join(folder, String(count)), { recursive: true });
    await writeFile(directory, 'a file where the folder should be');
    await assert.rejects(ledger.recordSent(entry('1')));
    await assert.rejects(read());
  });

  it('does not block the event loop while it reads 100,000 lines', async () => {
    await leave('');
    for (let part = 0; part < 10; part++) {
      const ids = Array.from({ length: 5000 }, (_, index) => `${part}-${index}`);
      const text = ids.map(
        (id) =>
          `{"v":1,"t":${november},"id":"${id}","at":"sent","model":"m","n":1,"estimate":0.01,"currency":"USD"}\n{"v":1,"t":${november},"id":"${id}","at":"paid","cost":0.01}\n`,
      );
      await appendFile(file, text.join(''));
    }
    let turns = 0;
    const beat = setInterval(() => (turns += 1), 1);
    const entries = await read();
    clearInterval(beat);
    assert.equal(entries.length, 50_000);
    assert.ok(turns > 20, `${turns} turns of others`);
  });
});
