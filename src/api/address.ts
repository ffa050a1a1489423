/**
 * What the name or the literal address of a host shows by itself, without a look-up; pure, since the editor asks too. What a name
 * resolves to is judged by the address guard.
 */

/** Loopback, link-local and private networks, carrier-grade NAT (as VPNs such as Tailscale use it) and unique local addresses. */
const privateAddresses =
  /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[?(::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]?$/i;

const privateNames = /^[^.:]+$|(^|\.)(localhost|local|lan|home|internal|arpa)$/i;

/** Whether a host is on this machine or in its own network, as far as its name shows. */
export function isPrivateNetwork(hostname: string): boolean {
  return privateAddresses.test(hostname) || privateNames.test(hostname.replace(/\.$/, ''));
}

/** Whether what is sent to an address can be read on the way through the internet. */
export function isPlaintextHttp({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean {
  return protocol === 'http:' && !isPrivateNetwork(hostname);
}

/** The address in a text as people type it; without a scheme, one in the own network is taken as plain http: servers there seldom have a certificate. */
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
