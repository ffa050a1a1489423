/** An account with the server of the benchmark, without limits. */
export const settings = (server) => ({
  service: 'nanogpt',
  edits: 'json',
  baseUrl: server,
  apiKey: 'bench',
  model: '',
  timeout: 300_000,
  concurrency: 8,
  perMinute: 0,
  queueLimit: 1000,
  retries: 0,
  retryUnknown: false,
  imageUrls: 'public',
  budgetPeriod: 'day',
  history: 'off',
  historyMegabytes: 500,
});
