import { brokerApi } from '../installation/broker-api.js';
import type { Installation } from '../installation/installation.js';

const CHECKER = 'freshness-checker';

interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

interface Connection {
  readonly name: string;
  readonly user: string;
}

/** Takes from the checker the right to publish, so that its outbox is stuck. @returns a function that gives it back */
export async function forbidPublishing({
  managementUrl,
}: Installation): Promise<() => Promise<void>> {
  const path = `permissions/%2F/${CHECKER}`;
  const { configure, write, read } = await brokerApi<Permissions>(managementUrl, path);
  const allow = (mayWrite: string) =>
    brokerApi<void>(managementUrl, path, 'PUT', { configure, write: mayWrite, read });
  await allow('^$');
  // An open channel remembers what its user may do.
  for (const { name, user } of await brokerApi<Connection[]>(managementUrl, 'connections'))
    if (user === CHECKER)
      await brokerApi(managementUrl, `connections/${encodeURIComponent(name)}`, 'DELETE');
  return () => allow(write);
}
