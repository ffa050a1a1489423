/**
 * The user and password of an address as the value of an
 * Authorization header (RFC 7617); undefined where it holds none.
 */
export function basicAuthorization({ username, password }: Pick<URL, 'username' | 'password'>): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64')}`;
}

/** The address without its user and password. */
export function withoutCredentials(url: URL): URL {
  const plain = new URL(url);
  plain.username = plain.password = '';
  return plain;
}

/** Passwords are often pasted unencoded, with a literal `%`. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
