import { eventually, report } from '@backup-awareness/testing';
import type { Product } from './product.js';

/** An alert in the audit log: the row that raised it and, once it is cleared, the row that cleared it. */
export interface AuditedAlert {
  readonly alert_id: string;
  readonly alert: string;
  readonly log_type: number;
  readonly raised: RaisedData;
  readonly cleared: ClearedData | null;
}

export interface RaisedData {
  readonly alert_id: string;
  readonly alert: string;
  readonly fqdn: string;
  readonly run_id?: string;
  readonly scopes?: readonly string[];
  readonly since: string;
  readonly decided_at: string;
  readonly last_full_backup_at: string | null;
  readonly alert_period_days: number;
  readonly sequence: number;
  readonly message: string;
}

export interface ClearedData {
  readonly alert_id: string;
  readonly alert: string;
  readonly fqdn: string;
  readonly sequence: number;
  readonly raised_at: string;
  readonly cleared_at: string;
  readonly reason: string;
}

/** All alerts of an engine, cleared ones too, in order. */
export async function alertsOf(product: Product, fqdn: string): Promise<AuditedAlert[]> {
  return product.query<AuditedAlert>(
    `SELECT raised.alert_id, raised.log_type_name AS alert, raised.log_type, raised.custom_data AS raised,
       cleared.custom_data AS cleared
     FROM audit_log raised
     LEFT JOIN audit_log cleared ON cleared.alert_id = raised.alert_id AND cleared.severity = 0
       AND cleared.log_type = raised.log_type
     WHERE raised.fqdn = $1 AND raised.event_name = 'BackupAlertRaised'
     ORDER BY (raised.custom_data->>'sequence')::int`,
    [fqdn],
  );
}

/** Waits until the audit log has an active alert of this engine, of this kind if given. */
export async function raisedAlert(
  product: Product,
  fqdn: string,
  alert?: string,
): Promise<AuditedAlert> {
  return eventually(async () => {
    const alerts = await alertsOf(product, fqdn);
    const active = alerts.find((one) => one.cleared === null && (alert ?? one.alert) === one.alert);
    if (!active)
      throw new Error(`${fqdn}: no active ${alert ?? 'alert'}, got ${JSON.stringify(alerts)}`);
    return active;
  });
}

/** Waits until this alert is cleared in the audit log. */
export async function clearedAlert(
  product: Product,
  { alert_id: alertId, raised }: AuditedAlert,
): Promise<AuditedAlert & { cleared: ClearedData }> {
  return eventually(async () => {
    const alerts = await alertsOf(product, raised.fqdn);
    const it = alerts.find((one) => one.alert_id === alertId);
    if (!it?.cleared) throw new Error(`${raised.fqdn}: ${raised.alert} ${alertId} is not cleared`);
    return { ...it, cleared: it.cleared };
  });
}

/** Adds an engine by `engines add`, and waits for its first alert. */
export async function addEngine(product: Product, fqdn: string): Promise<AuditedAlert> {
  await product.cliJson('engines', 'add', fqdn);
  return raisedAlert(product, fqdn, 'ENGINE_NO_FULL_BACKUP');
}

/** An alert as `alerts list --json` shows it. */
export interface ListedAlert {
  readonly alert_id: string;
  readonly alert: string;
  readonly fqdn: string;
  readonly active: boolean;
  readonly since: string;
  readonly raised_at: string;
  readonly cleared_at: string | null;
  readonly reason: string | null;
  readonly dismissed_at: string | null;
  readonly dismissed_by: string | null;
  readonly sequence: number;
  readonly message: string;
}

/** The kinds of an engine's active alerts. */
export async function activeKinds(product: Product, fqdn: string): Promise<string[]> {
  const alerts = await product.cliJson<ListedAlert[]>('alerts', 'list');
  return alerts.filter((one) => one.fqdn === fqdn && one.active).map(({ alert }) => alert);
}

let witnesses = 0;

/**
 * Resolves when all engines have been decided from everything that was published before the call.
 *
 * An engine that was registered by a report is decided only when all engines are, which every change of a setting causes. So the
 * alert of such an engine shows that all were decided, and its row that earlier reports are stored.
 */
export async function decisionOfAll(product: Product): Promise<void> {
  witnesses += 1;
  const fqdn = `witness-${witnesses}.example.com`;
  await product.reportBare(report({ fqdn, status: 0 }));
  await stored(product, fqdn, 1);
  const changed = await product.cli(
    'config',
    '-s',
    `BackupCheckPeriodInHours=${6 + witnesses / 1000}`,
  );
  if (changed.code !== 0) throw new Error(changed.stderr);
  await raisedAlert(product, fqdn);
}

/** Waits until the log has exactly `count` reports of an engine. */
export async function stored(product: Product, fqdn: string, count: number): Promise<void> {
  await eventually(async () => {
    const rows = await product.query(`SELECT FROM engine_backup_log WHERE fqdn = $1`, [fqdn]);
    if (rows.length !== count)
      throw new Error(`${fqdn}: expected ${count} stored reports, got ${rows.length}`);
  });
}
