import type { Notification, UnknownSpell } from '@backup-awareness/database';
import type { AlertRow } from '@backup-awareness/overview/state';

/** The news about engines, and about unknown status. */
export interface MailEntries {
  /** Active alerts of engines that were not mailed before. */
  readonly raised: readonly AlertRow[];
  /** Active alerts whose dismissal has ended. */
  readonly shownAgain: readonly AlertRow[];
  /** Cleared alerts that were mailed when they were raised. */
  readonly cleared: readonly AlertRow[];
  /** Alerts that were raised and cleared before a mail could be sent. */
  readonly brief: readonly AlertRow[];
  readonly unknownBegun: readonly UnknownSpell[];
  readonly unknownEnded: readonly UnknownSpell[];
}

type Pending = Pick<Notification, 'subjectId' | 'change'>;

/**
 * Selects the news from all pending notifications: the first alert of an engine and its clearing. The replacement of one kind of alert by
 * another is not news, nor is an alert while it is dismissed.
 *
 * @param alerts the alerts of the notifications
 */
export function mailEntries(
  pending: readonly Pending[],
  alerts: readonly AlertRow[],
  spells: readonly UnknownSpell[],
): MailEntries {
  const isPending = (id: string, change: 'raised' | 'cleared') =>
    pendingKeys.has(`${id} ${change}`);
  const pendingKeys = new Set(pending.map(({ subjectId, change }) => `${subjectId} ${change}`));
  const raised: AlertRow[] = [];
  const shownAgain: AlertRow[] = [];
  const cleared: AlertRow[] = [];
  const brief: AlertRow[] = [];
  const listOf = ({ shownAgainAt }: AlertRow, isOver: boolean) =>
    isOver ? brief : shownAgainAt === null ? raised : shownAgain;
  for (const [first, last] of troubles(alerts)) {
    const isOver = last.clearedAt !== null;
    if (last.dismissedAt !== null || last.reason === 'superseded') continue;
    const isNews =
      isPending(first.alertId, 'raised') ||
      // The dismissal of an alert says nothing about the one that replaces it.
      (first.dismissedAt !== null && isPending(last.alertId, 'raised'));
    if (isNews) listOf(last, isOver).push(last);
    else if (isPending(last.alertId, 'cleared')) cleared.push(last);
  }
  return {
    raised,
    shownAgain,
    cleared,
    brief,
    unknownBegun: spells.filter(
      ({ unknownId, endedAt }) => endedAt === null && isPending(unknownId, 'raised'),
    ),
    unknownEnded: spells.filter(
      ({ unknownId, endedAt }) => endedAt !== null && isPending(unknownId, 'cleared'),
    ),
  };
}

/**
 * The pending notifications of alerts that were replaced, without that of their clearing: whether the replacement is news depends on whether
 * they were mailed, so that they are judged together with it.
 */
export function halvesOf<One extends Pending>(
  pending: readonly One[],
  alerts: readonly AlertRow[],
): One[] {
  const replaced = new Set(
    alerts.filter(({ reason }) => reason === 'superseded').map(({ alertId }) => alertId),
  );
  const cleared = new Set(
    pending.filter(({ change }) => change === 'cleared').map(({ subjectId }) => subjectId),
  );
  return pending.filter(({ subjectId }) => replaced.has(subjectId) && !cleared.has(subjectId));
}

/** The first and the last alert of each sequence of alerts in which one replaced the other. */
function troubles(alerts: readonly AlertRow[]): readonly (readonly [AlertRow, AlertRow])[] {
  const all: [AlertRow, AlertRow][] = [];
  const open = new Map<string, [AlertRow, AlertRow]>();
  for (const alert of [...alerts].sort((a, b) => a.sequence - b.sequence)) {
    const before = open.get(alert.fqdn);
    const isStuck = alert.alert === 'ENGINE_BACKUP_STUCK';
    if (before && !isStuck && before[1].reason === 'superseded') {
      before[1] = alert;
      continue;
    }
    const trouble: [AlertRow, AlertRow] = [alert, alert];
    all.push(trouble);
    if (!isStuck) open.set(alert.fqdn, trouble);
  }
  return all;
}

export function isEmpty(entries: MailEntries): boolean {
  return Object.values(entries).every((some: readonly unknown[]) => some.length === 0);
}
