import assert from 'node:assert/strict';
import { ImageError } from '../../src/errors.js';
import { limits } from '../../src/limits.js';
import { type Fault, matrix } from './matrix.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../helpers/account-fixture.js';

/** What the sockets and buffers between two processes may swallow beyond what was read. */
const slack = 16_000_000;

describe('faults', () => {
  let fixture: AccountFixture;

  afterEach(async () => {
    await fixture.heal();
    await fixture.close();
  });

  for (const [part, faults] of Object.entries(matrix)) {
    describe(part, () => {
      for (const row of faults) {
        it(row.fault, async () => {
          fixture = await startAccountFixture(row.connection, row.settings);
          await row.provoke(fixture);
          assert.deepEqual(await play(row), {
            code: row.code,
            charged: row.charged,
            tries: row.tries,
            requests: row.requests,
            downloads: row.downloads ?? 0,
          });
          assert.ok(
            fixture.server.written < limits.answer + slack,
            `the server could write ${fixture.server.written} bytes`,
          );
          await recovers();
        });
      }
    });
  }

  async function play({
    request,
  }: Fault): Promise<Pick<Fault, 'code' | 'charged' | 'tries' | 'requests' | 'downloads'>> {
    let tries = 0;
    const onState = ({ phase }: { phase: string }): void => void (phase === 'running' && (tries += 1));
    const outcome = await fixture.account
      .generate({ ...foxRequest, ...request }, { signal: new AbortController().signal, onState })
      .then(
        ({ images, attempts }) => {
          assert.equal(images.length, 1);
          assert.equal(attempts, tries);
          return { code: 'made', charged: '' } as const;
        },
        (error: unknown) => {
          assert.ok(error instanceof ImageError, String(error));
          return error;
        },
      );
    const { code, charged } = outcome;
    return { code, charged, tries, requests: fixture.server.seen.POST, downloads: fixture.server.seen.GET };
  }

  /** Nothing of the fault is left in the account: the next request makes its image at once. */
  async function recovers(): Promise<void> {
    await fixture.heal();
    const { images, attempts } = await fixture.account.generate(foxRequest, { signal: new AbortController().signal });
    assert.deepEqual([images.length, attempts], [1, 1]);
  }
});
