import type { Billing } from '../../src/api/endpoint.js';
import type { Edits } from '../../src/api/dialects/dialect.js';
import type { AddressRule } from '../../src/api/http/downloads.js';
import { type Service, services } from '../../src/api/services.js';
import type { HistorySettings } from '../../src/history/history.js';
import type { Period } from '../../src/spending/totals.js';

/** The saved settings of an account. Numbers may arrive as text (`${ENV_NAME}`). */
export interface NanogptConfigConfig {
  name: string;
  service: Service;
  /** Blank = the service's own; any form that users paste. */
  baseUrl: string;
  /**
   * How input images are sent; blank = as the service documents it: NanoGPT `json`, all others `multipart`. One saved
   * word could not be both.
   */
  edits: Edits;
  /** For NanoGPT: who pays where there is a subscription. */
  billing: Billing;
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
  budgetPeriod: Period;
  imageUrls: AddressRule;
  /** Where received images are kept. */
  history: HistorySettings['history'];
  /** The most on disk; the oldest images are deleted first. */
  historyMegabytes: number | string;
  /** Days that an image is kept on disk; blank = no limit. */
  historyDays: number | string;
  /** Id of an `http proxy` node. */
  proxy: string;
  /** Id of a `tls-config` node. */
  tls: string;
  /** Id of a `nanogpt-cluster` node; blank = this Node-RED alone. */
  cluster: string;
  /** Name of the account in its cluster. */
  clusterAccount: string;
}

/** What a new account starts with, and what a setting that an older flow lacks means. */
export const defaults: NanogptConfigConfig = {
  name: '',
  service: 'nanogpt',
  baseUrl: '',
  edits: '',
  billing: '',
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
  history: 'memory',
  historyMegabytes: 500,
  historyDays: '',
  proxy: '',
  tls: '',
  cluster: '',
  clusterAccount: '',
};

/** The choices of the settings that are lists. */
export const choices = {
  service: services,
  edits: ['', 'json', 'multipart'],
  billing: ['', 'paygo'],
  budgetPeriod: ['hour', 'day', 'month'],
  imageUrls: ['public', 'any', 'never'],
  history: ['off', 'memory', 'disk'],
} as const satisfies { [Name in keyof NanogptConfigConfig]?: readonly NanogptConfigConfig[Name][] };

/** The range of a setting that is a number. */
export interface NumberRange {
  min: number;
  max: number;
  isWhole?: boolean;
}

/** The settings that are numbers; a blank one means its default. */
export const ranges = {
  timeout: { min: 1, max: 3600 },
  concurrency: { min: 1, max: 1000, isWhole: true },
  perMinute: { min: 0, max: 1e6 },
  queueLimit: { min: 0, max: 1e6, isWhole: true },
  retries: { min: 0, max: 10, isWhole: true },
  budget: { min: 0, max: 1e9 },
  historyMegabytes: { min: 1, max: 1e6 },
  historyDays: { min: 1, max: 36_500 },
} as const satisfies Record<string, NumberRange>;

export { isAccountName } from '../../src/cluster/rules.js';
