import type { Balance } from '../../src/account/balance.js';
import type { ChoiceOfModels } from '../../src/account/list-models.js';
import type { EndingModel } from '../../src/account/shutdown-notices.js';
import type { DryRun } from '../../src/api/client.js';
import type { LoginProgress } from '../../src/api/device-login.js';
import type { Model } from '../../src/api/models/read-models.js';
import type { Service } from '../../src/api/services.js';
import type { Charged, ErrorCode } from '../../src/errors.js';
import type { Generation, Warning } from '../../src/generation.js';
import type { HistoryItem } from '../../src/history/history-item.js';
import type { LedgerEntry } from '../../src/spending/ledger-file.js';
import type { DaySpending, Period, Spending } from '../../src/spending/totals.js';
import type { PreviewEvent } from './editor-events.js';
import type { RunningRequest } from './running-requests.js';

export type { DaySpending };

// What the admin routes answer the editor with: the types that both sides share. Times are in milliseconds.

/** Why a route failed, and whether it was charged; translated by `key` and `params`, with the English as fallback. */
export interface Problem extends Omit<Warning, 'key'> {
  /** '' where the message is in the language of the editor already. */
  key: string;
  /** `editor` where Node-RED did not answer. */
  code: ErrorCode | 'editor';
  charged: Charged;
  /** URLs of images that were generated but could not be downloaded. */
  urls?: string[];
}

/** A failure that a person can act on, in the place of a result. */
export interface Failed {
  problem: Problem;
}

/** The result of a route, or why there is none. */
export type Answer<Result> = (Result & { problem?: undefined }) | Failed;

/** The check of an account. */
export interface CheckedAccount {
  /** How many models the service lists. */
  models: number;
  balance?: Balance;
  milliseconds: number;
}

/** What holds for all that share an account. */
export interface CommonLimits {
  concurrency: number;
  /** 0 = no limit. */
  perMinute: number;
  /** In US dollars, by period. */
  budgets: Record<string, number>;
}

/** Who shares an account over a cluster, and the limits that hold for all together. */
export interface Share extends CommonLimits {
  /** How many are alive. */
  instances: number;
  problem?: undefined;
}

/** What was spent in the current periods, as the account's dialog shows it. */
export interface SpendingSummary extends Omit<Spending, 'byModel'> {
  /** It is lost when Node-RED restarts. */
  inMemory: boolean;
}

/** What a dialog shows of an account; the list of models may be old or empty, and then `problem` says why. */
export interface ModelListing extends Omit<ChoiceOfModels, 'failure'> {
  spending?: SpendingSummary;
  /** Where the account is in a cluster. */
  shared?: Share | Failed;
  problem?: Problem;
}

/** All that the service says of one model; absent where it does not list it. */
export interface FoundModel {
  model?: Model;
}

/** A sign-in that waits for a person. */
export interface StartedSignIn {
  /** Stands for the secret code, which the browser never has. */
  ticket: string;
  /** What the person compares with the page. */
  code: string;
  page: string;
  /** Before the first poll. */
  wait: number;
}

/** The state of a sign-in. */
export interface SignInProgress {
  state: Exclude<LoginProgress['state'], 'slow_down'> | 'failed' | 'gone';
  /** Before the next poll. */
  wait: number;
}

/** What the node would send for a sample message. */
export interface DryRunResult {
  request: DryRun;
}

/** An image that was made in a dialog; Node-RED keeps its bytes for some minutes. */
export interface TriedImage {
  id: string;
  mime: string;
  /** Absent where the format is unknown. */
  width?: number;
  height?: number;
  bytes: number;
  filename: string;
}

/** The images of a try, and what was sent for them. */
export interface TryResult extends Pick<Generation, 'durationMs' | 'warnings' | 'cost' | 'currency' | 'model'> {
  images: TriedImage[];
  /** Absent where the images come from the history. */
  request?: DryRun;
}

/** An image of the history with the id of its account, and the host where another instance has made it. */
export interface ListedItem extends HistoryItem {
  account: string;
  host?: string;
}

/** A page of the history; `next` is sent with the request for the next page, and absent where nothing follows. */
export interface HistoryList {
  items: ListedItem[];
  next?: string;
}

/** A request that waits or runs, here or in another Node-RED that shares the account. */
export interface ListedRequest extends Omit<RunningRequest, 'accountId'> {
  /** Absent for a request of another Node-RED. */
  accountId?: string;
  /** Hosts: of the Node-RED that asked, where it is another one, and of the one that sends it. */
  askedBy?: string;
  sentBy?: string;
}

/** The requests that wait or run, and the time of Node-RED, for their age. */
export interface RunningRequests {
  now: number;
  running: ListedRequest[];
}

/** What an account has spent, with its budget. */
export interface AccountSpending {
  id: string;
  name?: string;
  service: Service;
  currency: string;
  budget?: number;
  budgetPeriod: Period;
  spending: Spending;
  /** The last 30, today the last. */
  days: DaySpending[];
}

/** A request of which it is unknown whether it was charged. */
export interface UnsettledRequest extends Omit<LedgerEntry, 'settlement'> {
  accountId: string;
  /** By how much the balance fell meanwhile, where nothing else ran. */
  difference?: number;
}

/** A model that its service is about to end, and the ids of the nodes that use it. */
export interface UsedEndingModel extends EndingModel {
  nodes: string[];
}

/** The newest image of every node. */
export interface PreviewList {
  previews: PreviewEvent[];
}
