/** What a Node-RED does in its cluster: asks and works, only asks, only works. */
export const clusterRoles = ['both', 'ask', 'work'] as const;

export type ClusterRole = (typeof clusterRoles)[number];

/** The settings of a cluster where nothing else is said. */
export const clusterDefaults = {
  url: 'redis://127.0.0.1:6379',
  prefix: 'nanogpt',
  role: 'both' as ClusterRole,
  /** Blank = results never cross to another Node-RED. */
  replicas: '',
  /** Blank = UTC. */
  timezone: '',
};

/** A shorter secret can be guessed by someone who has a copy of what lies in Redis. */
export const leastSecretLength = 16;

/** Whether a text can begin the keys in Redis: braces choose the slot of a key there. */
export function isKeyPrefix(text: string): boolean {
  return /^[\w.:-]{1,64}$/.test(text);
}

/** Whether a text can name an account in its cluster. */
export function isAccountName(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text);
}

/** Whether this machine knows a time zone by that name (IANA), such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** The address of a Redis: a URL, or host and port alone, also in quotes; undefined where it cannot be one. */
export function parseRedisUrl(text: string): URL | undefined {
  const bare = text.trim().replace(/^["'<]+|["'>]+$/g, '');
  const address = bare.includes('://') ? bare : `redis://${bare}`;
  if (/\s/.test(bare) || !/^rediss?:\/\/[^/]/i.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.hostname === '' ? undefined : url;
}
