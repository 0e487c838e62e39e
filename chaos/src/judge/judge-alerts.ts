import type { Installation } from '../installation/installation.js';
import { enginesOf } from '../load/engines.js';
import { domainOf } from '../load/load-plan.js';
import { plannedMessage } from '../load/plan-message.js';
import type { Load } from '../load/start-load.js';

interface AlertEvent {
  readonly fqdn: string;
  readonly name: 'BackupAlertRaised' | 'BackupAlertCleared';
  readonly alertId: string;
  readonly alert: string;
  readonly sequence: number;
}

/**
 * What is wrong with the alerts of all engines: events that are not Raised and Cleared in turn (of freshness by engine, of a run by
 * alert), sequences with gaps, differences between events and the checker's state, pending events; and, in this load, engines with a
 * missing or wrong alert. Empty where nothing is wrong.
 */
export async function judgeAlerts(installation: Installation, load: Load): Promise<string[]> {
  const { query } = installation;
  const [outbox] = await query<{ count: number }>(
    `SELECT count(*)::int AS count FROM outbox WHERE name LIKE 'BackupAlert%'`,
  );
  const pending = outbox!.count;
  const events = await query<AlertEvent>(
    `SELECT fqdn, event_name AS name, alert_id AS "alertId", custom_data->>'alert' AS alert,
       (custom_data->>'sequence')::int AS sequence
     FROM audit_log WHERE event_name IN ('BackupAlertRaised', 'BackupAlertCleared') ORDER BY fqdn, sequence`,
  );
  return [
    ...(pending > 0 ? [`${pending} events of alerts are pending in the outbox`] : []),
    ...wrongTurns(events),
    ...(await disagreements(installation)),
    ...(load.plan.kind === 'fuzz' ? [] : await wrongAlertsOf(installation, load)),
  ];
}

function wrongTurns(events: readonly AlertEvent[]): string[] {
  const lastOf = new Map<string, AlertEvent>();
  return events.flatMap((event, i) => {
    const { fqdn, name, alertId, alert, sequence } = event;
    const previous = events[i - 1]?.fqdn === fqdn ? events[i - 1] : undefined;
    const expected = (previous?.sequence ?? 0) + 1;
    const subject = alert === 'ENGINE_BACKUP_STUCK' ? alertId : fqdn;
    const before = lastOf.get(subject);
    lastOf.set(subject, event);
    if (sequence !== expected)
      return [`${fqdn}: expected sequence ${expected}, got ${name} ${sequence}`];
    const isRaised = name === 'BackupAlertRaised';
    if (isRaised === (before?.name === 'BackupAlertRaised'))
      return [`${fqdn}: ${name} ${sequence} comes after ${before?.name ?? 'nothing'}`];
    if (!isRaised && before?.alertId !== alertId)
      return [`${fqdn}: ${name} ${sequence} belongs to another alert than the Raised before it`];
    return [];
  });
}

/** Alerts on which the checker's state and the audit log differ. */
async function disagreements({ query }: Installation): Promise<string[]> {
  const rows = await query<{ what: string }>(
    `WITH audited AS (
       SELECT alert_id, min(fqdn) AS fqdn,
         array_agg((custom_data->>'sequence')::bigint) FILTER (WHERE event_name = 'BackupAlertRaised') AS raised,
         array_agg((custom_data->>'sequence')::bigint) FILTER (WHERE event_name = 'BackupAlertCleared') AS cleared
       FROM audit_log WHERE event_name IN ('BackupAlertRaised', 'BackupAlertCleared') GROUP BY alert_id
     )
     SELECT coalesce(alert.fqdn, audited.fqdn) || ': alert ' || coalesce(alert.sequence::text, 'none')
       || CASE WHEN cleared_at IS NULL THEN '' ELSE ', cleared as ' || cleared_sequence END
       || '; audited as ' || coalesce(raised::text, 'none') || ' and ' || coalesce(cleared::text, 'none') AS what
     FROM alert FULL JOIN audited USING (alert_id)
     WHERE ARRAY[alert.sequence] IS DISTINCT FROM raised
       OR CASE WHEN cleared_at IS NOT NULL THEN ARRAY[cleared_sequence] END IS DISTINCT FROM cleared
     UNION ALL
     SELECT fqdn || ': last sequence ' || last_sequence || ', that of the last alert ' || coalesce(last::text, 'none')
     FROM engine_alert_state LEFT JOIN (
       SELECT fqdn, max(greatest(sequence, cleared_sequence)) AS last FROM alert GROUP BY fqdn
     ) alerts USING (fqdn)
     WHERE last_sequence <> coalesce(last, 0)`,
  );
  return rows.map(({ what }) => what);
}

/** By the reports that were sent: an engine must have an alert exactly if `db` or `files` never succeeded. */
async function wrongAlertsOf({ query }: Installation, load: Load): Promise<string[]> {
  const { confirmed, madeAt } = load.spool();
  const known = new Set<string>();
  const succeeded = new Set<string>();
  for (const number of confirmed) {
    const report = plannedMessage(load.plan, number, madeAt).row?.report;
    if (!report) continue;
    known.add(report.fqdn);
    if (report.status === 1) succeeded.add(`${report.fqdn} ${report.scope}`);
  }
  const isFresh = (fqdn: string): boolean =>
    ['db', 'files'].every((scope) => succeeded.has(`${fqdn} ${scope}`));
  const active = await query<{ fqdn: string }>(
    `SELECT fqdn FROM alert WHERE cleared_at IS NULL AND alert <> 'ENGINE_BACKUP_STUCK' AND fqdn LIKE $1`,
    [`%.${domainOf(load.plan)}`],
  );
  const alerted = new Set(active.map(({ fqdn }) => fqdn));
  return enginesOf(load.plan).flatMap(({ fqdn }) => {
    if (known.has(fqdn) && !isFresh(fqdn) && !alerted.has(fqdn))
      return [`${fqdn}: has no alert, although it has no full backup`];
    return isFresh(fqdn) && alerted.has(fqdn)
      ? [`${fqdn}: has an alert, although its backup is fresh`]
      : [];
  });
}
