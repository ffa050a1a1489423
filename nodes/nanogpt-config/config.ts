/** What the editor saves of an account. Numbers may arrive as text (`${ENV_NAME}`). */
export interface NanogptConfigConfig {
  name: string;
  service: 'nanogpt' | 'openai' | 'compatible' | 'sandbox';
  /** Blank = the service's own; any form that users paste. */
  baseUrl: string;
  edits: 'json' | 'multipart';
  model: string;
  /** Seconds for one whole request. */
  timeout: number | string;
  concurrency: number | string;
  /** Images asked for per minute; 0 = no limit. */
  perMinute: number | string;
  queueLimit: number | string;
  retries: number | string;
  retryUnknown: boolean;
  budget: number | string;
  budgetPeriod: 'hour' | 'day' | 'month';
  imageUrls: 'public' | 'any' | 'never';
  /** Id of an `http proxy` node. */
  proxy: string;
  /** Id of a `tls-config` node. */
  tls: string;
}

export const defaults: NanogptConfigConfig = {
  name: '',
  service: 'nanogpt',
  baseUrl: '',
  edits: 'json',
  model: '',
  timeout: 300,
  concurrency: 4,
  perMinute: 30,
  queueLimit: 1000,
  retries: 2,
  retryUnknown: false,
  budget: '',
  budgetPeriod: 'day',
  imageUrls: 'public',
  proxy: '',
  tls: '',
};
