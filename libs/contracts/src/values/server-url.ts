/** A URL's host and path, without credentials and options. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host || 'the local socket'}${pathname === '/' ? '' : pathname}`;
}

/** The virtual host in a URL of a broker. */
export function virtualHostOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).pathname.slice(1));
}

/** The URL as another user. */
export function withCredentials(url: string, user: string, password: string): string {
  const other = new URL(url);
  other.username = encodeURIComponent(user);
  other.password = encodeURIComponent(password);
  return other.href;
}
