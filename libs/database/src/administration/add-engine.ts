import { engineAdded, settingChanged, type OutgoingEvent } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { parseAlertPeriod, parseBrokerUser, parseFqdn, parseAuthor } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';
import { changeBrokerUser } from './set-engine-broker-user.js';

export interface EngineAddition {
  /** `already_watched` changes nothing but the broker user, not even the period; the checker still decides the engine at once. */
  readonly outcome: 'added' | 'revived' | 'already_watched';
  readonly fqdn: string;
  readonly watchedSince: Date;
  /** The only broker user that may report about it; null where any may. */
  readonly brokerUser: string | null;
}

/**
 * Starts monitoring a new engine, or resumes it for a retired one, whose history and sequence continue.
 *
 * @param request.alertPeriodDays the engine's own period; a new engine without one uses the general period
 * @param request.brokerUser the only broker user that may report about it; left as it is if not given
 * @throws RefusedError for an invalid host name, period or broker user
 */
export async function addEngine(
  dataSource: DataSource,
  request: {
    readonly fqdn: string;
    readonly who: string;
    readonly alertPeriodDays?: string;
    readonly brokerUser?: string;
  },
): Promise<EngineAddition> {
  const fqdn = parseFqdn(request.fqdn);
  const who = parseAuthor(request.who);
  const period =
    request.alertPeriodDays === undefined ? null : parseAlertPeriod(request.alertPeriodDays);
  const wanted = request.brokerUser === undefined ? undefined : parseBrokerUser(request.brokerUser);
  return inTransaction(dataSource, async (manager) => {
    const outcome = await startMonitoring(manager, fqdn);
    const { alertPeriodDays, watchedSince, at } = outcome;
    const when = at.toISOString();
    const isAdded = outcome.kind !== 'already_watched';
    const from = outcome.kind === 'revived' ? 'retired' : null;
    const events: OutgoingEvent[] = isAdded
      ? [engineAdded({ who, what: 'engine', from, to: 'watched', when, fqdn })]
      : [];
    const brokerUser = wanted ?? outcome.brokerUser;
    if (brokerUser !== outcome.brokerUser)
      events.push(
        await changeBrokerUser(manager, {
          fqdn,
          who,
          when,
          from: outcome.brokerUser,
          to: brokerUser,
        }),
      );
    if (isAdded && period !== null && Number(period) !== Number(alertPeriodDays ?? NaN)) {
      await manager.query(
        'UPDATE engine SET alert_period_days = $2::numeric, alert_period_changed_at = $3 WHERE fqdn = $1',
        [fqdn, period, at],
      );
      const what = 'BackupAlertPeriodInDays';
      events.push(settingChanged({ who, what, from: alertPeriodDays, to: period, when, fqdn }));
    }
    await enqueue(manager, events);
    return { outcome: outcome.kind, fqdn, watchedSince, brokerUser };
  });
}

interface Monitored {
  readonly kind: EngineAddition['outcome'];
  readonly watchedSince: Date;
  readonly alertPeriodDays: string | null;
  readonly brokerUser: string | null;
  readonly at: Date;
}

async function startMonitoring(manager: EntityManager, fqdn: string): Promise<Monitored> {
  const inserted: unknown[] = await manager.query(
    'INSERT INTO engine (fqdn) VALUES ($1) ON CONFLICT (fqdn) DO NOTHING RETURNING fqdn',
    [fqdn],
  );
  const engine = await lockEngine(manager, fqdn);
  if (!engine)
    throw new Error(`${fqdn} was deleted from the table engine while it was being added`);
  const at = await readClock(manager);
  const kind =
    inserted.length > 0 ? 'added' : engine.retiredAt !== null ? 'revived' : 'already_watched';
  const watchedSince = kind === 'already_watched' ? engine.watchedSince : at;
  // The version grows in any case, so that an engine known only from its reports is decided at once too.
  await manager.query(
    `UPDATE engine SET version = version + 1, registered_by = 'administrator', retired_at = NULL, watched_since = coalesce($2, watched_since)
     WHERE fqdn = $1`,
    [fqdn, kind === 'already_watched' ? null : at],
  );
  const { alertPeriodDays, brokerUser } = engine;
  return { kind, watchedSince, alertPeriodDays, brokerUser, at };
}
