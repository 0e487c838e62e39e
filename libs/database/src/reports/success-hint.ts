import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { DataSource } from 'typeorm';

/** The channel of the trigger that keeps `engine_last_success`. */
const CHANNEL = 'backup_awareness_success';
const LISTEN_AGAIN_AFTER_MS = 1_000;

/**
 * Calls `onHint` soon after a report has changed a last success while an alert is active, until `signal` is aborted. It is a hint: some
 * may be missing, behind a connection pooler all of them, and while the connection is lost. Holds one connection of the pool.
 */
export async function listenForSuccesses(
  dataSource: DataSource,
  onHint: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await listenUntilLost(dataSource, onHint, signal).catch(() => undefined);
    await sleep(LISTEN_AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function listenUntilLost(
  dataSource: DataSource,
  onHint: () => void,
  signal: AbortSignal,
): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    const client: pg.PoolClient = await runner.connect();
    client.on('notification', onHint);
    try {
      await client.query(`LISTEN ${CHANNEL}`);
      await once(client, 'end', { signal: AbortSignal.any([signal, ...lifetimeOf(dataSource)]) });
    } finally {
      client.off('notification', onHint);
      // The pool hands the connection to others.
      await client.query(`UNLISTEN ${CHANNEL}`).catch(() => undefined);
    }
  } finally {
    await runner.release();
  }
}

/** A pool whose certificates may be renewed replaces its connections; it cannot replace one that is held. */
function lifetimeOf({ options }: DataSource): AbortSignal[] {
  const { maxLifetimeSeconds } = (options.extra ?? {}) as { maxLifetimeSeconds?: number };
  return maxLifetimeSeconds === undefined ? [] : [AbortSignal.timeout(maxLifetimeSeconds * 1_000)];
}
