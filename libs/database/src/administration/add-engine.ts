import { engineAdded, settingChanged, type OutgoingEvent } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../in-transaction.js';
import { enqueue } from '../outbox.js';
import { readAlertPeriod, readFqdn, readWho } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';

export interface EngineAddition {
  /** `already_watched` leaves everything as it was, the period too; the checker decides the engine at once all the same. */
  readonly outcome: 'added' | 'revived' | 'already_watched';
  readonly fqdn: string;
  readonly watchedSince: Date;
}

/**
 * Has an engine watched from now on: a new one, or a retired one, whose history and sequence go on.
 *
 * @param request.alertPeriodDays the engine's own period; a new engine without it goes by the general one
 * @throws RefusedError for what is no host name, or a period that may not be
 */
export async function addEngine(
  dataSource: DataSource,
  request: { readonly fqdn: string; readonly who: string; readonly alertPeriodDays?: string },
): Promise<EngineAddition> {
  const fqdn = readFqdn(request.fqdn);
  const who = readWho(request.who);
  const period =
    request.alertPeriodDays === undefined ? null : readAlertPeriod(request.alertPeriodDays);
  return inTransaction(dataSource, async (manager) => {
    const outcome = await beginToWatch(manager, fqdn);
    const { alertPeriodDays, watchedSince, at } = outcome;
    if (outcome.kind === 'already_watched') return { outcome: outcome.kind, fqdn, watchedSince };

    const when = at.toISOString();
    const from = outcome.kind === 'revived' ? 'retired' : null;
    const events: OutgoingEvent[] = [
      engineAdded({ who, what: 'engine', from, to: 'watched', when, fqdn }),
    ];
    if (period !== null && Number(period) !== Number(alertPeriodDays ?? NaN)) {
      await manager.query(
        'UPDATE engine SET alert_period_days = $2::numeric, alert_period_changed_at = $3 WHERE fqdn = $1',
        [fqdn, period, at],
      );
      const what = 'BackupAlertPeriodInDays';
      events.push(settingChanged({ who, what, from: alertPeriodDays, to: period, when, fqdn }));
    }
    await enqueue(manager, events);
    return { outcome: outcome.kind, fqdn, watchedSince };
  });
}

interface Watched {
  readonly kind: EngineAddition['outcome'];
  readonly watchedSince: Date;
  readonly alertPeriodDays: string | null;
  readonly at: Date;
}

async function beginToWatch(manager: EntityManager, fqdn: string): Promise<Watched> {
  const inserted: unknown[] = await manager.query(
    'INSERT INTO engine (fqdn) VALUES ($1) ON CONFLICT (fqdn) DO NOTHING RETURNING fqdn',
    [fqdn],
  );
  const engine = await lockEngine(manager, fqdn);
  if (!engine) throw new Error(`${fqdn} was removed from the table engine while it was added`);
  const at = await readClock(manager);
  const kind =
    inserted.length > 0 ? 'added' : engine.retiredAt !== null ? 'revived' : 'already_watched';
  const watchedSince = kind === 'already_watched' ? engine.watchedSince : at;
  // The version moves on in any case: an engine that is known from its messages only is then decided at once.
  await manager.query(
    `UPDATE engine SET version = version + 1, retired_at = NULL, watched_since = coalesce($2, watched_since)
     WHERE fqdn = $1`,
    [fqdn, kind === 'already_watched' ? null : at],
  );
  return { kind, watchedSince, alertPeriodDays: engine.alertPeriodDays, at };
}
