import { Cipher } from './cipher.js';
import type { ClusterSettings } from './cluster-settings.js';
import { processId } from './instance-id.js';

/** A setting for which an instance would be refused, since it must be the same everywhere. */
export type Difference = { what: 'secret' } | { what: 'timezone'; theirs: string; ours: string };

/**
 * What other processes that share the account of a hash tag have otherwise than these settings. Redis has refused all
 * but one value of each.
 */
export async function findDifferences(
  { secret, timezone }: Pick<ClusterSettings, 'secret' | 'timezone'>,
  tag: string,
  announcements: Record<string, unknown>[],
): Promise<Difference[]> {
  // This one leaves before it enters with other settings.
  const other = announcements.find((said) => said.process !== processId);
  if (!other) return [];
  const { fingerprint } = await Cipher.open(secret, tag.slice(1, -1));
  const differences: Difference[] = [];
  if (isOtherThan(fingerprint, other.secret)) differences.push({ what: 'secret' });
  if (isOtherThan(timezone, other.timezone))
    differences.push({ what: 'timezone', theirs: other.timezone, ours: timezone });
  return differences;
}

function isOtherThan(ours: string, theirs: unknown): theirs is string {
  return typeof theirs === 'string' && theirs !== ours;
}
