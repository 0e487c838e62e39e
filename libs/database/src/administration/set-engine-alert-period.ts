import { settingChanged } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { parseAlertPeriod, parseFqdn, parseAuthor } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';

export interface AlertPeriodChange {
  readonly outcome: 'changed' | 'unchanged' | 'unknown_engine';
  readonly fqdn: string;
  /** Days; null for the general period. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Sets an engine's own alert period, or with null returns it to the general one.
 *
 * @throws RefusedError for an invalid host name or period
 */
export async function setEngineAlertPeriod(
  dataSource: DataSource,
  request: { readonly fqdn: string; readonly days: string | null; readonly who: string },
): Promise<AlertPeriodChange> {
  const fqdn = parseFqdn(request.fqdn);
  const who = parseAuthor(request.who);
  const to = request.days === null ? null : parseAlertPeriod(request.days);
  return inTransaction(dataSource, async (manager) => {
    const engine = await lockEngine(manager, fqdn);
    if (!engine) return { outcome: 'unknown_engine', fqdn, from: null, to };
    const from = engine.alertPeriodDays;
    if (isSamePeriod(from, to)) return { outcome: 'unchanged', fqdn, from, to };
    const at = await readClock(manager);
    await manager.query(
      `UPDATE engine SET alert_period_days = $2::numeric, alert_period_changed_at = $3, version = version + 1
       WHERE fqdn = $1`,
      [fqdn, to, at],
    );
    const what = 'BackupAlertPeriodInDays';
    await enqueue(manager, [settingChanged({ who, what, from, to, when: at.toISOString(), fqdn })]);
    return { outcome: 'changed', fqdn, from, to };
  });
}

function isSamePeriod(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : Number(a) === Number(b);
}
