import { formatCount } from '../../time/format.js';

export const alerts = {
  intro:
    'An alert is active until a backup, a setting or an administrator ends its cause. A dismissed one stays active.',
  active: 'Active',
  past: 'Past',
  alert: 'Alert',
  engine: 'Engine',
  since: 'Since',
  state: 'State',
  cleared: 'Cleared',
  lasted: 'Lasted',
  actions: 'Actions',
  name: {
    ENGINE_NO_FULL_BACKUP: 'No full backup',
    ENGINE_NO_WARM_BACKUP: 'Full backup too old',
    ENGINE_BACKUP_STUCK: 'Backup does not end',
  },
  meaning: {
    ENGINE_NO_FULL_BACKUP:
      'A full backup of it has never been reported. If its database is lost now, nothing is known to restore it from.',
    ENGINE_NO_WARM_BACKUP:
      'Its last full backup is older than its maximum age. What has changed since then would be lost.',
    ENGINE_BACKUP_STUCK:
      'A backup has started and not ended in its maximum duration. It may prevent the next one.',
  },
  clearedBy: {
    full_backup: 'a full backup arrived',
    period_extended: 'its limit was raised',
    superseded: 'another alert took its place',
    disabled: 'checks were switched off',
    engine_retired: 'the engine was retired',
    run_ended: 'the backup ended',
    later_run: 'a later backup completed',
  },
  clearedNow: 'Cleared meanwhile',
  notDismissed: 'Not dismissed',
  dismissed: 'Dismissed',
  by: 'by',
  untilCleared: 'until it is cleared',
  until: 'until',
  untilPast: 'Choose a date and time that is to come.',
  dismiss: 'Dismiss',
  dismissOf: (fqdn: string) => `Dismiss the alert of ${fqdn}`,
  takeBack: 'Take back',
  takeBackOf: (fqdn: string) => `Take back the dismissal of the alert of ${fqdn}`,
  dismissText:
    'Nobody is notified of it any more. It stays active: the engine is still at risk, and check still fails.',
  takeBackText: 'People are notified of it again.',
  comment: 'Why',
  commentHelp: 'One line. It is kept in the audit log and in the report of the month.',
  howLong: 'For how long',
  untilItIsCleared: 'Until it is cleared',
  untilAnInstant: 'Until a date and time',
  untilLabel: 'Show and send it again at',
  noneActive: 'No alert is active',
  noneActiveText: 'The next check looks at all engines again.',
  noneYet: (atRisk: number) =>
    `No alert is active, but ${atRisk === 1 ? '1 engine is' : `${formatCount(atRisk)} engines are`} at risk`,
  moreAtRisk: (count: number) =>
    count === 1 ? '1 more engine is at risk.' : `${formatCount(count)} more engines are at risk.`,
  noneYetText: (atRisk: number) =>
    `${atRisk === 1 ? 'Its alert is' : 'Their alerts are'} raised by the next check:`,
  noneYetNoCheck: 'No check is due, so that no alert is raised.',
  notKnown: 'No alert is recorded as active, but that is not known to be right',
  notKnownText: 'The overview says why.',
  nonePast: 'No alert has ended yet.',
  toOverview: 'Go to the overview',
} as const;
