import {
  alertDismissalEnded,
  alertDismissed,
  describe,
  type Alert as AlertName,
} from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import type { AlertDismissal } from '../entities/alert-dismissal.entity.js';
import type { Alert } from '../entities/alert.entity.js';
import { parseAlertId, parseAuthor, parseComment } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';
import { refuseWith } from './refused-error.js';

export interface DismissalRequest {
  readonly alertId: string;
  readonly who: string;
  /** Why. */
  readonly comment: string;
  /**
   * Given the database's clock, when the alert is shown and sent again; null: never. What it throws ends the command before anything
   * has changed.
   */
  readonly until: (now: Date) => Date | null;
}

export interface AlertDismissalResult {
  readonly outcome: 'dismissed' | 'already_dismissed';
  readonly alertId: string;
  readonly dismissedAt: Date;
  readonly dismissedBy: string;
  readonly dismissedUntil: Date | null;
  readonly comment: string | null;
}

/**
 * Hides an alert, active or past, from the default list and from people. An active alert stays active. The latest dismissal counts: another
 * comment or end replaces what was said before, and the same again changes nothing.
 *
 * @throws RefusedError for an unknown alert, a comment that is none, or an end that is not in the future
 */
export async function dismissAlert(
  dataSource: DataSource,
  request: DismissalRequest,
): Promise<AlertDismissalResult> {
  const alertId = parseAlertId(request.alertId);
  const who = parseAuthor(request.who);
  const comment = parseComment(request.comment);
  return inTransaction(dataSource, async (manager) => {
    const found = await findAlert(manager, alertId);
    if (!found) refuseWith('alert_id', 'the id of an existing alert', describe(alertId));
    await lockEngine(manager, found.fqdn);
    const at = await readClock(manager);
    const until = futureInstant(request.until(at), at);
    const earlier = await findDismissal(manager, alertId);
    const isInEffect = earlier !== null && isLater(earlier.dismissedUntil, at);
    if (isInEffect && isSame(earlier, { comment, until }))
      return { outcome: 'already_dismissed', ...resultOf(earlier) };
    const dismissal = {
      alertId,
      dismissedAt: at,
      dismissedBy: who,
      dismissedUntil: until,
      comment,
    };
    await manager.upsert<AlertDismissal>('AlertDismissal', dismissal, ['alertId']);
    const { alert, fqdn, clearedAt } = (await findAlert(manager, alertId)) ?? found;
    const past = clearedAt === null ? 'active' : 'past';
    await enqueue(manager, [
      alertDismissed({
        who,
        what: 'alert',
        from: isInEffect ? 'dismissed' : past,
        to: 'dismissed',
        when: at.toISOString(),
        alert_id: alertId,
        alert: alert as AlertName,
        fqdn,
        comment,
        until: until?.toISOString() ?? null,
      }),
    ]);
    return { outcome: 'dismissed', ...resultOf(dismissal) };
  });
}

/**
 * Ends the dismissal of an alert now: it is shown again, and sent again if it is still active.
 *
 * @throws RefusedError for an unknown alert
 */
export async function endDismissal(
  dataSource: DataSource,
  request: { readonly alertId: string; readonly who: string },
): Promise<{ readonly outcome: 'ended' | 'not_dismissed'; readonly alertId: string }> {
  const alertId = parseAlertId(request.alertId);
  const who = parseAuthor(request.who);
  return inTransaction(dataSource, async (manager) => {
    const found = await findAlert(manager, alertId);
    if (!found) refuseWith('alert_id', 'the id of an existing alert', describe(alertId));
    await lockEngine(manager, found.fqdn);
    const at = await readClock(manager);
    const { alert, fqdn, clearedAt } = (await findAlert(manager, alertId)) ?? found;
    // Of a past alert a dismissal counts if it was in effect at the clearing.
    const endsAt = clearedAt ?? at;
    const dismissal = await findDismissal(manager, alertId);
    if (!dismissal || !isLater(dismissal.dismissedUntil, endsAt))
      return { outcome: 'not_dismissed', alertId };
    await manager.update<AlertDismissal>('AlertDismissal', { alertId }, { dismissedUntil: endsAt });
    await enqueue(manager, [
      alertDismissalEnded({
        who,
        what: 'alert',
        from: 'dismissed',
        to: clearedAt === null ? 'active' : 'past',
        when: at.toISOString(),
        alert_id: alertId,
        alert: alert as AlertName,
        fqdn,
      }),
    ]);
    return { outcome: 'ended', alertId };
  });
}

/** @throws RefusedError unless it is later than now, or null */
function futureInstant(until: Date | null, now: Date): Date | null {
  return isLater(until, now)
    ? until
    : refuseWith('until', `an instant after ${now.toISOString()}`, until?.toISOString() ?? '');
}

/** Null is later than any instant. */
function isLater(until: Date | null, now: Date): boolean {
  return until === null || until.getTime() > now.getTime();
}

function isSame(
  { comment, dismissedUntil }: AlertDismissal,
  wanted: { readonly comment: string; readonly until: Date | null },
): boolean {
  return comment === wanted.comment && dismissedUntil?.getTime() === wanted.until?.getTime();
}

function resultOf(dismissal: AlertDismissal): Omit<AlertDismissalResult, 'outcome'> {
  const { alertId, dismissedAt, dismissedBy, dismissedUntil, comment } = dismissal;
  return { alertId, dismissedAt, dismissedBy, dismissedUntil, comment };
}

function findAlert(manager: EntityManager, alertId: string): Promise<Alert | null> {
  return manager.findOneBy<Alert>('Alert', { alertId });
}

function findDismissal(manager: EntityManager, alertId: string): Promise<AlertDismissal | null> {
  return manager.findOneBy<AlertDismissal>('AlertDismissal', { alertId });
}
