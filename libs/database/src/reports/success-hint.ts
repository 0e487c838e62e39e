import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { SessionClient } from '../connection/session-client.js';

/** The channel of the trigger that keeps `engine_last_success`. */
const CHANNEL = 'backup_awareness_success';
const LISTEN_AGAIN_AFTER_MS = 1_000;

/**
 * Calls `onHint` soon after a report has changed a last success while an alert is active, until `signal` is aborted. It is a hint: some
 * may be missing, behind a connection pooler all of them, and while the connection is lost. Holds one connection of the pool; behind a
 * connection pooler it resolves at once.
 */
export async function listenForSuccesses(
  dataSource: DataSource,
  onHint: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const outcome = await listenUntilLost(dataSource, onHint, signal).catch(() => undefined);
    if (outcome === 'pooled') return;
    await sleep(LISTEN_AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function listenUntilLost(
  dataSource: DataSource,
  onHint: () => void,
  signal: AbortSignal,
): Promise<'pooled' | 'lost'> {
  const runner = dataSource.createQueryRunner();
  try {
    const client: SessionClient = await runner.connect();
    // LISTEN would last on a connection of the pooler, which gets and drops every hint from then on.
    if (client.isPooled) return 'pooled';
    client.on('notification', onHint);
    try {
      await client.query(`LISTEN ${CHANNEL}`);
      await once(client, 'end', { signal: AbortSignal.any([signal, ...lifetimeOf(dataSource)]) });
    } finally {
      client.off('notification', onHint);
      // The pool hands the connection to others.
      await client.query(`UNLISTEN ${CHANNEL}`).catch(() => undefined);
    }
    return 'lost';
  } finally {
    await runner.release();
  }
}

/** A pool whose certificates may be renewed replaces its connections; it cannot replace one that is held. */
function lifetimeOf({ options }: DataSource): AbortSignal[] {
  const { maxLifetimeSeconds } = (options.extra ?? {}) as { maxLifetimeSeconds?: number };
  return maxLifetimeSeconds === undefined ? [] : [AbortSignal.timeout(maxLifetimeSeconds * 1_000)];
}
