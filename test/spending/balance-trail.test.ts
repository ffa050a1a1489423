import assert from 'node:assert/strict';
import { BalanceTrail, type TrackedEnd } from '../../src/spending/balance-trail.js';

/** What happens on an account, in its order: `+a` begins a request, the others end one or ask for the balance. */
type Event = `+${string}` | ({ of: string } & Omit<TrackedEnd, 'id'>) | { balance: number };

function follow(...events: Event[]): BalanceTrail {
  const trail = new BalanceTrail();
  const running = new Map<string, ReturnType<BalanceTrail['begin']>>();
  for (const event of events) {
    if (typeof event === 'string') running.set(event.slice(1), trail.begin());
    else if ('balance' in event) trail.observe()(event.balance);
    else trail.end(running.get(event.of)!, { ...event, id: event.of });
  }
  return trail;
}

const lost = { of: 'u', at: 'unknown' } as const;

describe('the balance beside a request of unknown outcome', () => {
  const cases: [what: string, events: Event[], difference: number | undefined][] = [
    ['fell by what it cost', [{ balance: 5 }, '+u', lost, { balance: 4.98 }], 0.02],
    ['did not fall where it cost nothing', [{ balance: 5 }, '+u', lost, { balance: 5 }], 0],
    [
      'is known from the answers before and after',
      ['+a', { of: 'a', at: 'paid', cost: 0.1, remaining: 5 }, '+u', lost, '+b', { of: 'b', at: 'paid', cost: 0.3, remaining: 4.5 }], // prettier-ignore
      0.2,
    ],
    [
      'stays known over requests that were free',
      [{ balance: 5 }, '+a', { of: 'a', at: 'free' }, '+u', lost, '+b', { of: 'b', at: 'free' }, { balance: 4 }],
      1,
    ],
    ['is not known where it was not known before', ['+u', lost, { balance: 4 }], undefined],
    ['tells nothing where another ran beside it', [{ balance: 5 }, '+u', '+a', lost, { of: 'a', at: 'free' }, { balance: 4 }], undefined], // prettier-ignore
    [
      'tells nothing where another was charged an unknown cost meanwhile',
      [{ balance: 5 }, '+u', lost, '+a', { of: 'a', at: 'paid' }, { balance: 4 }],
      undefined,
    ],
    [
      'tells nothing of one of two',
      [{ balance: 5 }, '+u', lost, '+a', { of: 'a', at: 'unknown' }, { balance: 4 }],
      undefined,
    ],
  ];
  for (const [what, events, difference] of cases)
    it(what, () => assert.equal(follow(...events).findDifference('u'), difference));

  it('is not taken from an answer while which a request ran', () => {
    const trail = follow({ balance: 5 }, '+u', lost);
    const note = trail.observe();
    trail.end(trail.begin(), { at: 'free', id: 'a' });
    note(4);
    assert.deepEqual([trail.findDifference('u'), trail.wantsBalance], [undefined, true]);
  });
});
