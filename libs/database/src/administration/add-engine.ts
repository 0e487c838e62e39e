import { engineAdded, settingChanged, type OutgoingEvent } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { parseAlertPeriod, parseBrokerUser, parseFqdn, parseAuthor } from './arguments.js';
import { lockEngines, readClock, STEP_ENGINES } from './locked-engine.js';
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
  const wish = {
    ...parseWish(request),
    ...(request.brokerUser !== undefined && { brokerUser: parseBrokerUser(request.brokerUser) }),
  };
  const [addition] = await inTransaction(dataSource, (manager) => add(manager, [fqdn], wish));
  return addition!;
}

/**
 * Adds many engines like `addEngine`, in steps of 500. If a step fails, earlier steps stay done and a repetition does the rest.
 *
 * @param onStep called after each step with the number of engines that are done
 * @returns the outcome for each engine, in order
 * @throws RefusedError for an invalid host name or period; no engine is added then
 */
export async function addEngines(
  dataSource: DataSource,
  request: {
    readonly fqdns: readonly string[];
    readonly who: string;
    readonly alertPeriodDays?: string;
  },
  onStep: (done: number) => void = () => undefined,
): Promise<EngineAddition[]> {
  const fqdns = [...new Set(request.fqdns.map(parseFqdn))];
  const wish = parseWish(request);
  const additions: EngineAddition[] = [];
  for (let from = 0; from < fqdns.length; from += STEP_ENGINES) {
    const step = fqdns.slice(from, from + STEP_ENGINES);
    additions.push(...(await inTransaction(dataSource, (manager) => add(manager, step, wish))));
    onStep(additions.length);
  }
  return additions;
}

/** What the new engines are to have, and who says so; all checked. */
interface Wish {
  readonly who: string;
  readonly alertPeriodDays: string | null;
  readonly brokerUser?: string;
}

function parseWish(request: { readonly who: string; readonly alertPeriodDays?: string }): Wish {
  const { who, alertPeriodDays: days } = request;
  return {
    who: parseAuthor(who),
    alertPeriodDays: days === undefined ? null : parseAlertPeriod(days),
  };
}

async function add(
  manager: EntityManager,
  fqdns: readonly string[],
  { who, alertPeriodDays: period, brokerUser: wantedUser }: Wish,
): Promise<EngineAddition[]> {
  const { at, engines } = await startMonitoring(manager, fqdns);
  const when = at.toISOString();
  const events: OutgoingEvent[] = [];
  const withNewPeriod: string[] = [];
  for (const { outcome, fqdn, brokerUser, alertPeriodDays } of engines) {
    const isAdded = outcome !== 'already_watched';
    const from = outcome === 'revived' ? 'retired' : null;
    if (isAdded) events.push(engineAdded({ who, what: 'engine', from, to: 'watched', when, fqdn }));
    if (wantedUser !== undefined && wantedUser !== brokerUser) {
      const change = { fqdn, who, when, from: brokerUser, to: wantedUser };
      events.push(await changeBrokerUser(manager, change));
    }
    if (isAdded && period !== null && Number(period) !== Number(alertPeriodDays ?? NaN)) {
      withNewPeriod.push(fqdn);
      const what = 'BackupAlertPeriodInDays';
      events.push(settingChanged({ who, what, from: alertPeriodDays, to: period, when, fqdn }));
    }
  }
  if (withNewPeriod.length > 0)
    await manager.query(
      'UPDATE engine SET alert_period_days = $2::numeric, alert_period_changed_at = $3 WHERE fqdn = ANY ($1)',
      [withNewPeriod, period, at],
    );
  await enqueue(manager, events);
  return engines.map(({ outcome, fqdn, watchedSince, brokerUser }) => ({
    outcome,
    fqdn,
    watchedSince,
    brokerUser: wantedUser ?? brokerUser,
  }));
}

interface Monitored extends EngineAddition {
  readonly alertPeriodDays: string | null;
}

async function startMonitoring(
  manager: EntityManager,
  fqdns: readonly string[],
): Promise<{ readonly at: Date; readonly engines: readonly Monitored[] }> {
  // In the order in which reports register engines, so that the two never deadlock.
  const inserted: { fqdn: string }[] = await manager.query(
    `INSERT INTO engine (fqdn) SELECT name COLLATE "C" FROM unnest($1::text[]) AS wanted (name) ORDER BY name COLLATE "C"
     ON CONFLICT (fqdn) DO NOTHING RETURNING fqdn`,
    [fqdns],
  );
  const isNew = new Set(inserted.map(({ fqdn }) => fqdn));
  const locked = await lockEngines(manager, fqdns);
  const at = await readClock(manager);
  const engines = fqdns.map((fqdn): Monitored => {
    const engine = locked.get(fqdn);
    if (!engine)
      throw new Error(`${fqdn} was deleted from the table engine while it was being added`);
    const outcome = isNew.has(fqdn)
      ? 'added'
      : engine.retiredAt !== null
        ? 'revived'
        : 'already_watched';
    const { alertPeriodDays, brokerUser } = engine;
    const watchedSince = outcome === 'already_watched' ? engine.watchedSince : at;
    return { outcome, fqdn, watchedSince, brokerUser, alertPeriodDays };
  });
  const started = engines.filter(({ outcome }) => outcome !== 'already_watched');
  // The version grows in any case, so that an engine known only from its reports is decided at once too.
  await manager.query(
    `UPDATE engine SET version = version + 1, registered_by = 'administrator', retired_at = NULL,
       watched_since = CASE WHEN fqdn = ANY ($2) THEN $3 ELSE watched_since END
     WHERE fqdn = ANY ($1)`,
    [fqdns, started.map(({ fqdn }) => fqdn), at],
  );
  return { at, engines };
}
