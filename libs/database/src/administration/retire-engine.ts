import { engineRetired } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../in-transaction.js';
import { enqueue } from '../outbox.js';
import { readFqdn, readWho } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';

export interface EngineRetirement {
  readonly outcome: 'retired' | 'already_retired' | 'unknown_engine';
  readonly fqdn: string;
}

/**
 * Has an engine watched no longer; its reports are still kept, and do not revive it.
 *
 * @throws RefusedError for what is no host name
 */
export async function retireEngine(
  dataSource: DataSource,
  request: { readonly fqdn: string; readonly who: string },
): Promise<EngineRetirement> {
  const fqdn = readFqdn(request.fqdn);
  const who = readWho(request.who);
  return inTransaction(dataSource, async (manager) => {
    const engine = await lockEngine(manager, fqdn);
    if (!engine) return { outcome: 'unknown_engine', fqdn };
    if (engine.retiredAt !== null) return { outcome: 'already_retired', fqdn };
    const at = await readClock(manager);
    await manager.query(
      'UPDATE engine SET retired_at = $2, version = version + 1 WHERE fqdn = $1',
      [fqdn, at],
    );
    const when = at.toISOString();
    await enqueue(manager, [
      engineRetired({ who, what: 'engine', from: 'watched', to: 'retired', when, fqdn }),
    ]);
    return { outcome: 'retired', fqdn };
  });
}
