import { type ClusterRole, clusterDefaults, clusterRoles } from '../../src/cluster/rules.js';

/** The saved settings of a cluster. */
export interface NanogptClusterConfig {
  name: string;
  /** Of the Redis that all its Node-REDs reach: `redis://` or `rediss://`. */
  url: string;
  /** Of all keys in Redis. */
  prefix: string;
  role: ClusterRole;
  /** Only Node-REDs with the same word here give each other results and cancels; blank = none. */
  replicas: string;
  /** In which days and months begin; blank = UTC. */
  timezone: string;
}

/** What a new cluster starts with, and what a setting that an older flow lacks means. */
export const defaults: NanogptClusterConfig = { name: '', ...clusterDefaults };

/** The choices of the settings that are lists. */
export const choices = { role: clusterRoles } as const;

export { isKeyPrefix, isTimeZone, leastSecretLength, parseRedisUrl } from '../../src/cluster/rules.js';
