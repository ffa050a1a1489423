import type { Mode } from '../../types/index.js';

/** The saved settings of an image info node. */
export interface NanogptInfoConfig {
  name: string;
  /** Id of a `nanogpt-config` node. */
  account: string;
  ask: 'balance' | 'models' | 'spending' | 'subscription' | 'history';
  /** For `models`: only those with this ability; blank = all. */
  filter: '' | Mode;
  /** For `history`: the most images. */
  limit: number | string;
  /** For `history`: one message with a list instead of the images themselves. */
  listOnly: boolean;
}

/** What a new node starts with, and what a setting that an older flow lacks means. */
export const defaults: NanogptInfoConfig = {
  name: '',
  account: '',
  ask: 'balance',
  filter: '',
  limit: 10,
  listOnly: false,
};

/** How many images of the history a node may read. */
export const limitRange = { min: 1, max: 1000 };
