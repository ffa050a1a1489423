/** What is measured: each scenario with everybody, each time in a process of its own. */
const image = 2_800_000;
const imageTypes = { b64: 'b64_json', url: 'url' };

/** Enough images that a process lives for about a second. */
const requests = { 1: { 1: 20, 8: 4 }, 4: { 1: 6, 8: 1 }, 10: { 1: 3, 8: 1 } };

export const time = [
  ...Object.entries(imageTypes).flatMap(([type, format]) =>
    [1, 8].flatMap((concurrency) =>
      [1, 4, 10].map((n) => ({
        title: `${type}, n = ${n}, concurrency ${concurrency}`,
        what: 'time',
        n,
        bytes: image,
        format,
        concurrency,
        requests: requests[n][concurrency],
      })),
    ),
  ),
  { title: 'img2img with an input of 3 MB, n = 1', what: 'time', n: 1, bytes: image, input: 2_990_000, requests: 20 },
  ...[0.1, 1, 8, 16].map((megabytes) => ({
    title: `b64, n = 1 of ${megabytes} MB`,
    what: 'time',
    n: 1,
    bytes: megabytes * 1e6,
    requests: Math.ceil(40 / (1 + megabytes)),
  })),
];

export const memory = [{ title: 'b64, n = 10, one request', what: 'memory', n: 10, bytes: image }];
