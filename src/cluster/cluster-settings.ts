import type { ClusterRole } from './rules.js';

/** The Redis over which several Node-REDs share an account, and what this one does there. */
export interface ClusterSettings {
  /** `redis://` or `rediss://`. */
  url: string;
  /** Blank = none, or the one in `url`. */
  password: string;
  /** Encrypts what lies in Redis; the same for all instances. */
  secret: string;
  /** Of all keys. */
  prefix: string;
  role: ClusterRole;
  /** Only instances with the same word here give each other results; blank = none. */
  replicas: string;
  /** IANA name of the time zone in which days and months begin. */
  timezone: string;
}

/** A cluster as an account uses it. */
export interface AccountCluster extends ClusterSettings {
  /** Name of the account in the cluster. */
  account: string;
}
