/**
 * One request to the broker's management API, with name and password from the URL.
 *
 * @returns what it answers, undefined without a body
 * @throws with the status and the answer if it is refused
 */
export async function brokerApi<T>(
  managementUrl: string,
  path: string,
  method: 'GET' | 'PUT' | 'DELETE' = 'GET',
  body?: object,
): Promise<T> {
  const { origin, username, password } = new URL(managementUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const response = await fetch(`${origin}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
