import type { Node } from 'node-red';
import type { AccountCluster } from '../../src/cluster/cluster-settings.js';

/** A cluster as the accounts see it that share in it. */
export interface NanogptCluster extends Node<{ password?: string; secret?: string }> {
  /** As it was saved; '' = the default. */
  url: string;
  /**
   * The settings for the account of that name.
   *
   * @throws ImageError `not_configured` naming what cannot work.
   */
  read(account: string): AccountCluster;
}
