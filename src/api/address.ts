/**
 * What the name or literal address of a host shows without a lookup. Pure, since the editor uses it too. The address
 * guard checks what a name resolves to.
 */

/**
 * Loopback, link-local and private networks, carrier-grade NAT (as VPNs
 * such as Tailscale use it) and unique local addresses.
 */
const privateAddresses =
  /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[?(::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]?$/i;

const privateNames = /^[^.:]+$|(^|\.)(localhost|local|lan|home|internal|arpa)$/i;

/** Whether a host is on this machine or in a private network, judging by its name. */
export function isPrivateNetwork(hostname: string): boolean {
  return privateAddresses.test(hostname) || privateNames.test(hostname.replace(/\.$/, ''));
}

/** Whether what is sent to a URL crosses the internet unencrypted. */
export function isPlaintextHttp({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean {
  return protocol === 'http:' && !isPrivateNetwork(hostname);
}

/**
 * Parses an address as people type it. Without a scheme, a host in a private network means plain http: servers there
 * seldom have a certificate.
 */
export function parseAddress(text: string): URL | undefined {
  const address = text.trim().replace(/^["'<]+|["'>]+$/g, '');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return parse(address);
  const url = parse(`http://${address}`);
  if (!url) return undefined;
  const isNumber = /^\d+\.\d+\.\d+\.\d+$|^\[/.test(url.hostname);
  return isNumber || isPrivateNetwork(url.hostname) ? url : parse(`https://${address}`);
}

function parse(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}
