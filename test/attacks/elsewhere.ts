/** An attack that a test of another folder plays; the test is found by a part of its title. */
export interface OtherAttack {
  tried: string;
  follows: string;
  file: string;
  title: string;
}

export const otherAttacks: OtherAttack[] = [
  {
    tried: 'headers of every image format that never end, in 25 MB',
    follows: 'read in at most 20 ms',
    file: 'test/image/formats/bounded.test.ts',
    title: 'for at most 20 ms',
  },
  {
    tried: 'an image that announces more pixels than the machine can hold',
    follows: '`invalid_input`, not charged, nothing decoded',
    file: 'test/image/pixel-limit.test.ts',
    title: 'is named with its megapixels and the limit of its format',
  },
  {
    tried: 'an answer of millions of pieces',
    follows: 'memory about the images themselves',
    file: 'test/nodes/nanogpt-image/paid.test.ts',
    title: 'cannot fill the memory with an answer of millions of pieces',
  },
  {
    tried: '`kill -9` at any moment',
    follows: 'no request twice, every request in the ledger',
    file: 'test/package/kill.test.ts',
    title: 'has every request that the service saw in its books',
  },
  {
    tried: '2,000 messages with faults and cancels in a random mix',
    follows: 'each ends once, none is paid twice',
    file: 'test/faults/invariants.test.ts',
    title: 'messages with faults and cancels',
  },
];
