import { alertDismissed, describe, type Alert as AlertName } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import type { AlertDismissal } from '../entities/alert-dismissal.entity.js';
import type { Alert } from '../entities/alert.entity.js';
import { parseAlertId, parseAuthor } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';
import { refuseWith } from './refused-error.js';

export interface AlertDismissalResult {
  readonly outcome: 'dismissed' | 'already_dismissed';
  readonly alertId: string;
  readonly dismissedAt: Date;
  readonly dismissedBy: string;
}

/**
 * Hides an alert, active or past, from the default list. An active alert stays active.
 *
 * @throws RefusedError for an unknown alert
 */
export async function dismissAlert(
  dataSource: DataSource,
  request: { readonly alertId: string; readonly who: string },
): Promise<AlertDismissalResult> {
  const alertId = parseAlertId(request.alertId);
  const who = parseAuthor(request.who);
  return inTransaction(dataSource, async (manager) => {
    const found = await findAlert(manager, alertId);
    if (!found) refuseWith('alert_id', 'the id of an existing alert', describe(alertId));
    await lockEngine(manager, found.fqdn);
    const at = await readClock(manager);
    const inserted: unknown[] = await manager.query(
      `INSERT INTO alert_dismissal (alert_id, dismissed_at, dismissed_by) VALUES ($1, $2, $3)
       ON CONFLICT (alert_id) DO NOTHING RETURNING alert_id`,
      [alertId, at, who],
    );
    if (inserted.length === 0) return earlierDismissal(manager, alertId);
    const { alert, fqdn, clearedAt } = (await findAlert(manager, alertId)) ?? found;
    const from = clearedAt === null ? 'active' : 'past';
    const when = at.toISOString();
    await enqueue(manager, [
      alertDismissed({
        who,
        what: 'alert',
        from,
        to: 'dismissed',
        when,
        alert_id: alertId,
        alert: alert as AlertName,
        fqdn,
      }),
    ]);
    return { outcome: 'dismissed', alertId, dismissedAt: at, dismissedBy: who };
  });
}

function findAlert(manager: EntityManager, alertId: string): Promise<Alert | null> {
  return manager.findOneBy<Alert>('Alert', { alertId });
}

async function earlierDismissal(
  manager: EntityManager,
  alertId: string,
): Promise<AlertDismissalResult> {
  const earlier = await manager.findOneBy<AlertDismissal>('AlertDismissal', { alertId });
  if (!earlier) throw new Error(`the dismissal of alert ${alertId} was deleted in the meantime`);
  const { dismissedAt, dismissedBy } = earlier;
  return { outcome: 'already_dismissed', alertId, dismissedAt, dismissedBy };
}
