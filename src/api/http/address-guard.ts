import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** The signature of `dns.lookup` with `all: true`, so that tests can inject names. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The machine's own resolver. */
export const defaultLookup: Lookup = systemLookup;

/**
 * Addresses that are not on the public internet (IANA special-purpose
 * registries), the clouds' metadata services among them.
 */
const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  special.addSubnet(network, prefix, 'ipv6');
}

/** Whether a literal address is on the public internet. IPv4 in an IPv6 address counts as IPv4. */
export function isPublicAddress(address: string): boolean {
  const literal = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIPv6(literal)) return !special.check(literal, 'ipv6');
  return isIP(literal) === 4 && !special.check(literal, 'ipv4');
}

/** Whether a host is a literal address; brackets around IPv6 are allowed, as in URLs. */
export function isLiteral(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/** Thrown by a guarded lookup of a name that resolves to an address that is not public. */
export class BlockedAddress extends Error {
  readonly code = 'EBLOCKED';

  constructor(hostname: string) {
    super(`${hostname} is not on the public internet`);
    this.name = 'BlockedAddress';
  }
}

/** A lookup that fails where any of the addresses is not public. */
export function guardedLookup(lookup: Lookup): Lookup {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, addresses) => {
      const blocked = !error && addresses.some(({ address }) => !isPublicAddress(address));
      callback(blocked ? new BlockedAddress(hostname) : error, addresses);
    });
}

/**
 * Whether a host, or any of the addresses it resolves to, is not on the public internet. A name without an address
 * counts as public.
 */
export async function isPrivateHost(hostname: string, lookup: Lookup): Promise<boolean> {
  if (isLiteral(hostname)) return !isPublicAddress(hostname);
  if (/(^|\.)localhost\.?$/i.test(hostname)) return true;
  const addresses = await new Promise<LookupAddress[]>((resolve) =>
    lookup(hostname, { all: true }, (error, found) => resolve(error ? [] : found)),
  );
  return addresses.some(({ address }) => !isPublicAddress(address));
}
