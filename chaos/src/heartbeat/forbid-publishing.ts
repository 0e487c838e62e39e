import type { Installation } from '../installation/installation.js';

const CHECKER = 'freshness-checker';

/** Takes from the checker the right to publish, so that its outbox is stuck. @returns a function that gives it back */
export async function forbidPublishing({
  managementUrl,
}: Installation): Promise<() => Promise<void>> {
  const permissions = `permissions/%2F/${CHECKER}`;
  const before = (await call(managementUrl, 'GET', permissions)) as Record<string, string>;
  const { configure, write, read } = before;
  await call(managementUrl, 'PUT', permissions, { configure, write: '^$', read });
  // An open channel remembers what its user may do.
  const connections = (await call(managementUrl, 'GET', 'connections')) as {
    readonly name: string;
    readonly user: string;
  }[];
  for (const { name, user } of connections)
    if (user === CHECKER)
      await call(managementUrl, 'DELETE', `connections/${encodeURIComponent(name)}`);
  return async () => {
    await call(managementUrl, 'PUT', permissions, { configure, write, read });
  };
}

async function call(
  managementUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { origin, username, password } = new URL(managementUrl);
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const response = await fetch(`${origin}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
