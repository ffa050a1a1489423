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
    follows: '`too_large`, not charged, nothing decoded',
    file: 'test/image/pixel-limit.test.ts',
    title: 'is named with its megapixels and the limit of its format',
  },
  {
    tried: 'the largest image of each format with a mask as large, to be made to fit',
    follows: 'less than 400 MB for the process',
    file: 'test/image/memory.test.ts',
    title: 'leaves the process under',
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
    title: 'has every request that the service saw in its ledger',
  },
  {
    tried: '2,000 messages with faults and cancels in a random mix',
    follows: 'each ends once, none is paid twice',
    file: 'test/faults/invariants.test.ts',
    title: 'messages with faults and cancels',
  },
  {
    tried: '25 million numbers, a list of ten million holes, 200 MB of text, percent signs or base64 in a message',
    follows: 'an image, `invalid_input` or `too_large`; at most 50 ms at a time',
    file: 'test/image/input-stalls.test.ts',
    title: 'holds the event loop for at most',
  },
  {
    tried: 'a million values, 100,000 lists in lists, 200 MB of blanks in any property of a message',
    follows: 'at most 50 ms at a time',
    file: 'test/nodes/nanogpt-image/large-messages.test.ts',
    title: 'holds the event loop for at most',
  },
  {
    tried: 'an object of 200,000 names in any property of a message',
    follows: 'its names are listed once, which takes less than JSON took to make it',
    file: 'test/nodes/nanogpt-image/large-messages.test.ts',
    title: 'takes no longer than JSON took to make it',
  },
  {
    tried: '50 messages with base64 of 2 MB at once',
    follows: 'they take turns, and do not add up',
    file: 'test/image/input-stalls.test.ts',
    title: 'does not add up',
  },
  {
    tried: 'bytes in 22 forms, random, cut or changed',
    follows: 'each message ends once, nothing is sent, at most 50 ms more than ten ordinary messages',
    file: 'test/fuzz/forms.test.ts',
    title: 'hold nothing up',
  },
  {
    tried: 'an image or an object in a tag of the prompt',
    follows: '`invalid_input`, not sent',
    file: 'test/nodes/nanogpt-image/odd-messages.test.ts',
    title: 'naming the tag',
  },
  {
    tried: 'addresses of the own network, in every way to write them, for input images',
    follows: '`blocked_address`, nothing is fetched',
    file: 'test/api/http/address-guard.test.ts',
    title: 'fetches nothing from',
  },
  {
    tried: 'a redirect into the own network',
    follows: '`blocked_address`',
    file: 'test/api/http/address-guard.test.ts',
    title: 'judges where a redirect leads',
  },
  {
    tried: 'a name that leads into the own network only when the image is fetched',
    follows: 'not fetched',
    file: 'test/api/http/downloads.test.ts',
    title: 'is not fetched from there',
  },
  {
    tried: 'a proxy that cuts, stays silent or answers nonsense',
    follows: '`unreachable`, not charged, asked once a try',
    file: 'test/api/http/proxy.test.ts',
    title: 'is asked once, not again and again',
  },
  {
    tried: 'a proxy with a certificate of its own',
    follows: 'not trusted, and never given the key',
    file: 'test/api/http/proxy.test.ts',
    title: 'is not trusted where its certificate is of an unknown authority',
  },
  {
    tried: 'TLS settings that do not belong together, with and without a proxy',
    follows: '`unreachable`, Node-RED lives',
    file: 'test/api/http/transport.test.ts',
    title: 'calls a service unreachable where its TLS settings hold',
  },
  {
    tried: 'a service that quotes the key, as it is, in base64 or in hex',
    follows: 'it is taken out of messages, errors and the log',
    file: 'test/nodes/nanogpt-image/secrets.test.ts',
    title: 'where the service quotes both in',
  },
  {
    tried: 'a service that quotes the key to the editor',
    follows: 'it is taken out of every answer',
    file: 'test/nodes/nanogpt-images/secrets.test.ts',
    title: 'quotes it in',
  },
  {
    tried: 'every admin route without a login, or with the rights of another node',
    follows: '401 or 403',
    file: 'test/package/dialog-routes.test.ts',
    title: 'refuse who has none',
  },
  {
    tried: 'admin requests from the page of another site, also to plain http',
    follows: '403',
    file: 'test/package/dialog-routes.test.ts',
    title: 'refuse pages of other sites, whoever is logged in',
  },
  {
    tried: 'a form of a foreign page, which browsers send without asking',
    follows: 'refused by its type',
    file: 'test/nodes/nanogpt-images/requests.test.ts',
    title: 'of a form is refused, as any page may send one',
  },
  {
    tried: 'ids of foreign nodes in the place of a proxy or TLS settings',
    follows: 'refused, not direct',
    file: 'test/nodes/nanogpt-images/network.test.ts',
    title: 'is refused, not direct',
  },
  {
    tried: '`kill -9` while images are written to the history',
    follows: 'what was received is there or still waited; nothing torn, no start fails',
    file: 'test/history/kill.test.ts',
    title: 'has every image that was received',
  },
  {
    tried: '`kill -9` of a whole Node-RED with a history on disk, and a start behind each',
    follows: 'every image that came out is there, but the last that still waited for the disk; each start works',
    file: 'test/package/history-kill.test.ts',
    title: 'has every image that came out',
  },
  {
    tried:
      '`kill -9` of workers and askers of a cluster, in every state of a request, with Redis held up, started again or away in between',
    follows:
      'no request reaches the service twice, the books hold what was charged, each image is delivered or in a history; what died with its worker is said to be unknown',
    file: 'test/cluster/kill.test.ts',
    title: 'sends no request twice, books what was charged',
  },
  {
    tried: 'jobs, results and images written into the Redis of a cluster, or put in the place of others',
    follows: 'refused: nothing is sent for them, nothing of them reaches a flow',
    file: 'test/cluster/attacks.test.ts',
    title: 'cannot have a job sent that it wrote',
  },
  {
    tried: 'the same request of several instances at once, and its asker, its worker or Redis dies meanwhile',
    follows: 'sent and paid once, and ends alike for all; one that was not sent is sent for the others',
    file: 'test/cluster/reuse.test.ts',
    title: 'is there for the second where the first dies after it was sent',
  },
  {
    tried: 'FLUSHALL in the Redis of a cluster',
    follows: 'nothing is sent until the instances have told what they spent; the budget holds',
    file: 'test/cluster/attacks.test.ts',
    title: 'cannot make the budget be forgotten',
  },
  {
    tried: 'an SVG with a script as the image that was made',
    follows: 'shown as an image, with a policy that lets no script run',
    file: 'test/nodes/nanogpt-images/try-request.test.ts',
    title: 'with a content security policy that runs nothing',
  },
  {
    tried: 'a page that reaches the built-in service under a name of its own',
    follows: 'refused by its `Host`',
    file: 'test/sandbox/routes.test.ts',
    title: 'answers only to a Host of this machine',
  },
];
