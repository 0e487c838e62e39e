import { engineRetired } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { parseFqdn, parseAuthor } from './arguments.js';
import { lockEngines, readClock, STEP_ENGINES, type LockedEngine } from './locked-engine.js';

export interface EngineRetirement {
  readonly outcome: 'retired' | 'already_retired' | 'unknown_engine';
  readonly fqdn: string;
}

/**
 * Stops monitoring engines, with an event for each, in steps of 500. Their reports are still stored, but do not resume monitoring. If a step fails, earlier steps stay done and a repetition does the rest.
 *
 * @returns the outcome for each engine, in order
 * @throws RefusedError for an invalid host name; no engine is retired then
 */
export async function retireEngines(
  dataSource: DataSource,
  request: { readonly fqdns: readonly string[]; readonly who: string },
): Promise<EngineRetirement[]> {
  const fqdns = [...new Set(request.fqdns.map(parseFqdn))];
  const who = parseAuthor(request.who);
  const retirements: EngineRetirement[] = [];
  for (let from = 0; from < fqdns.length; from += STEP_ENGINES) {
    const step = fqdns.slice(from, from + STEP_ENGINES);
    retirements.push(...(await inTransaction(dataSource, (manager) => retire(manager, step, who))));
  }
  return retirements;
}

async function retire(
  manager: EntityManager,
  fqdns: readonly string[],
  who: string,
): Promise<EngineRetirement[]> {
  const engines = await lockEngines(manager, fqdns);
  const retired = fqdns.filter((fqdn) => engines.get(fqdn)?.retiredAt === null);
  if (retired.length > 0) {
    const at = await readClock(manager);
    await manager.query(
      'UPDATE engine SET retired_at = $2, version = version + 1 WHERE fqdn = ANY ($1)',
      [retired, at],
    );
    const change = { who, what: 'engine', from: 'watched', to: 'retired', when: at.toISOString() };
    await enqueue(
      manager,
      retired.map((fqdn) =>
        engineRetired({
          ...change,
          fqdn,
          watched_since: engines.get(fqdn)!.watchedSince.toISOString(),
        }),
      ),
    );
  }
  return fqdns.map((fqdn) => ({ outcome: outcomeFor(engines.get(fqdn)), fqdn }));
}

function outcomeFor(engine: LockedEngine | undefined): EngineRetirement['outcome'] {
  if (!engine) return 'unknown_engine';
  return engine.retiredAt === null ? 'retired' : 'already_retired';
}
