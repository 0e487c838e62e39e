import type { Notification, UnknownSpell } from '@backup-awareness/database';
import type { AlertRow } from '@backup-awareness/overview/state';

/** What a mail says of one engine, or of whether anything is known. */
export interface MailEntries {
  /** Alerts of engines of which nobody was told, and that are active. */
  readonly raised: readonly AlertRow[];
  /** Alerts that people were told of and that are over. */
  readonly cleared: readonly AlertRow[];
  /** Alerts that came and went before anybody could be told. */
  readonly brief: readonly AlertRow[];
  readonly unknownBegun: readonly UnknownSpell[];
  readonly unknownEnded: readonly UnknownSpell[];
}

type Pending = Pick<Notification, 'subjectId' | 'change'>;

/**
 * What is news to people of all that is pending: the first alert of an engine and its clearing. That one kind of alert takes the place of
 * another is none, nor is what somebody has dismissed.
 *
 * @param alerts those that the notifications are of
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
  const cleared: AlertRow[] = [];
  const brief: AlertRow[] = [];
  for (const [first, last] of troubles(alerts)) {
    const isOver = last.clearedAt !== null;
    if (last.dismissedAt !== null || last.reason === 'superseded') continue;
    if (isPending(first.alertId, 'raised')) (isOver ? brief : raised).push(last);
    else if (isPending(last.alertId, 'cleared')) cleared.push(last);
  }
  return {
    raised,
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

/** The first and the last alert of each trouble: alerts of which one took the place of the other belong together. */
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
