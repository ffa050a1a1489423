import { ImageError } from '../errors.js';
import type { AccountCluster, ClusterSettings } from './cluster-settings.js';
import {
  clusterDefaults,
  clusterRoles,
  isAccountName,
  isKeyPrefix,
  isTimeZone,
  leastSecretLength,
  parseRedisUrl,
} from './rules.js';

/** The settings of a cluster as a flow or a command line gives them; what is absent has its default. */
export type SavedCluster = Partial<Record<keyof typeof clusterDefaults, string>>;

/** What a flow keeps apart from the other settings. */
export interface ClusterCredentials {
  password?: string;
  secret?: string;
}

/**
 * The settings of a cluster, checked.
 *
 * @throws ImageError `not_configured` naming what cannot work.
 */
export function readClusterSettings(
  saved: SavedCluster,
  { password = '', secret = '' }: ClusterCredentials,
): ClusterSettings {
  const { url, prefix, role, replicas, timezone } = readTexts(saved);
  const key = secret.trim();
  const address = parseRedisUrl(url);
  if (!address) throw new ImageError('not_configured', 'cluster_url');
  if (key.length < leastSecretLength)
    throw new ImageError('not_configured', 'cluster_secret', { min: leastSecretLength });
  if (!isKeyPrefix(prefix)) throw new ImageError('not_configured', 'cluster_prefix');
  const known = clusterRoles.find((each) => each === role);
  if (!known) throw new ImageError('not_configured', 'cluster_role', { choices: clusterRoles.join(', ') });
  if (timezone !== '' && !isTimeZone(timezone)) throw new ImageError('not_configured', 'cluster_timezone');
  return { url: address.href, password, secret: key, prefix, role: known, replicas, timezone: timezone || 'UTC' };
}

/**
 * The same for one account with its name in the cluster.
 *
 * @throws ImageError `not_configured` naming what cannot work.
 */
export function readAccountCluster(
  account: string,
  saved: SavedCluster,
  credentials: ClusterCredentials,
): AccountCluster {
  const name = account.trim();
  if (!isAccountName(name)) throw new ImageError('not_configured', 'cluster_account');
  return { ...readClusterSettings(saved, credentials), account: name };
}

/** A saved node holds more than its settings. */
function readTexts(saved: SavedCluster): Record<keyof SavedCluster, string> {
  const names = Object.keys(clusterDefaults) as (keyof SavedCluster)[];
  const texts = names.map((name) => [name, String(saved[name] ?? clusterDefaults[name]).trim()]);
  return Object.fromEntries(texts) as Record<keyof SavedCluster, string>;
}
