import type { DeliveredEvent, Destinations } from '../installation/destinations.js';
import type { Installation } from '../installation/installation.js';

/** What is wrong with what the destinations know, compared with the alerts and their events. Empty where nothing is. */
export async function judgeNotifications(
  installation: Installation,
  { alertmanager, webhook }: Destinations,
): Promise<string[]> {
  return [
    ...differences('Alertmanager', await activeAlerts(installation), await heldBy(alertmanager)),
    ...judgeWebhook(await audited(installation), webhook.accepted),
  ];
}

const NAMES: Readonly<Record<string, string>> = {
  ENGINE_NO_FULL_BACKUP: 'EngineNoFullBackup',
  ENGINE_NO_WARM_BACKUP: 'EngineNoWarmBackup',
  ENGINE_BACKUP_STUCK: 'EngineBackupStuck',
};

async function activeAlerts({ query }: Installation): Promise<Set<string>> {
  const rows = await query<{ alert: string; fqdn: string }>(
    'SELECT alert, fqdn FROM alert WHERE cleared_at IS NULL',
  );
  const [unknown] = await query<{ count: number }>(
    'SELECT count(*)::int AS count FROM unknown_spell WHERE ended_at IS NULL',
  );
  return new Set([
    ...rows.map(({ alert, fqdn }) => `${NAMES[alert]} ${fqdn}`),
    ...(unknown!.count > 0 ? ['BackupAwarenessUnknown'] : []),
  ]);
}

async function heldBy(alertmanager: Destinations['alertmanager']): Promise<Set<string>> {
  const alerts = await alertmanager.active();
  return new Set(
    alerts.map(({ labels }) => `${labels['alertname']} ${labels['fqdn'] ?? ''}`.trim()),
  );
}

function differences(
  where: string,
  expected: ReadonlySet<string>,
  got: ReadonlySet<string>,
): string[] {
  const missing = [...expected].filter((one) => !got.has(one));
  const extra = [...got].filter((one) => !expected.has(one));
  return [
    ...(missing.length > 0 ? [`${where}: ${missing.length} missing, such as ${missing[0]}`] : []),
    ...(extra.length > 0 ? [`${where}: ${extra.length} that ended, such as ${extra[0]}`] : []),
  ];
}

interface AuditedEvent {
  readonly key: string;
  readonly change: string;
}

/** Every event of an alert, as it was published. */
async function audited({ query }: Installation): Promise<AuditedEvent[]> {
  return query(
    `SELECT origin || ' ' || event_id AS key, event_name || ' ' || alert_id AS change FROM audit_log
     WHERE event_name IN ('BackupAlertRaised', 'BackupAlertCleared')`,
  );
}

/** After dropping duplicates by source and id, a webhook must have every event, each change once, and those of an engine in order. */
function judgeWebhook(
  events: readonly AuditedEvent[],
  accepted: readonly DeliveredEvent[],
): string[] {
  const ofEngines = accepted.filter(({ data }) => data.fqdn !== undefined);
  const first = new Map<string, DeliveredEvent>();
  for (const event of ofEngines) {
    const key = `${event.source} ${event.id}`;
    if (!first.has(key)) first.set(key, event);
  }
  const changes = [...first.values()].map(({ type, data }) => `${type} ${data.alert_id}`);
  const twice = changes.length - new Set(changes).size;
  const unordered = outOfOrder([...first.values()]);
  return [
    ...differences('webhook', new Set(events.map(({ key }) => key)), new Set(first.keys())),
    ...(twice > 0 ? [`webhook: ${twice} changes told twice as new`] : []),
    ...(unordered.length > 0
      ? [`webhook: ${unordered.length} out of order, such as ${unordered[0]}`]
      : []),
  ];
}

function outOfOrder(events: readonly DeliveredEvent[]): string[] {
  const last = new Map<string, number>();
  return events.flatMap(({ data: { fqdn = '', sequence = 0 } }) => {
    const isEarlier = sequence <= (last.get(fqdn) ?? 0);
    last.set(fqdn, sequence);
    return isEarlier ? [`${fqdn} ${sequence}`] : [];
  });
}
