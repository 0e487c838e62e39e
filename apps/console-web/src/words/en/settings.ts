export const settings = {
  intro: 'A change takes effect everywhere within two seconds, and the audit log says who made it.',
  groups: {
    checks: 'Checks and alerts',
    hosts: 'Backups on engine hosts',
    logs: 'Registration and retention',
    other: 'Others',
  },
  title: {
    BackupCheckPeriodInHours: 'Time between checks',
    BackupAlertPeriodInDays: 'Maximum age of the last full backup',
    BackupStuckAfterInHours: 'Maximum duration of a backup',
    BackupExcludedTables: 'Tables left out of dumps',
    BackupExcludeMode: 'What is left out of them',
    EngineRegistrationMax: 'Engines that register by themselves',
    BackupLogRetentionInDays: 'How long reports are kept',
    AuditLogRetentionInDays: 'How long the audit log is kept',
  },
  unit: {
    BackupCheckPeriodInHours: ['hour', 'hours'],
    BackupAlertPeriodInDays: ['day', 'days'],
    BackupStuckAfterInHours: ['hour', 'hours'],
    EngineRegistrationMax: ['engine', 'engines'],
    BackupLogRetentionInDays: ['day', 'days'],
    AuditLogRetentionInDays: ['day', 'days'],
  },
  minusOne: {
    BackupCheckPeriodInHours: 'off',
    BackupStuckAfterInHours: 'off',
    BackupLogRetentionInDays: 'all are kept',
    AuditLogRetentionInDays: 'all are kept',
  },
  ownPeriods: 'An engine may have its own, which is set on its page.',
  setting: 'Setting',
  value: 'Value',
  isDefault: 'Default',
  default: (value: string) => `Default: ${value}`,
  neverChanged: 'Never changed',
  changed: 'Changed',
  by: 'by',
  change: 'Change',
  changeOf: (name: string) => `Change ${name}`,
  newValue: 'New value',
  expected: (expected: string) => `Valid: ${expected}.`,
  backToDefault: (value: string) => `Use the default, ${value}`,
  preview: 'Preview',
  apply: 'Apply',
  sameValue: 'This is the present value.',
  previewTitle: 'What this would do now',
  raises: 'Alerts raised',
  clears: 'Alerts cleared',
  unchanged: 'Engines whose alert stays as it is',
  past: (days: number) => (days === 1 ? 'In the last day' : `In the last ${days} days`),
  pastText: (then: number, now: number) =>
    `${alertsOf(then)} would have been raised; as things were, ${alertsOf(now)}.`,
  pastUnknown: 'The past is not known: the audit log does not reach back a day.',
  pastUnrecorded: (setting: string) =>
    `The past is not known: the latest change of ${setting} is not in the audit log yet. It comes there when the checker and audit run.`,
  andMore: (count: string) => `and ${count} more`,
  noneAffected: 'No alert about freshness depends on this setting.',
  typeRaised: (count: string, total: string) =>
    `This raises alerts for ${count} of ${total} engines at once. Type the number of these engines to apply it`,
  typeOff: 'Type -1 to apply it',
  typeValue: (value: string) => `Type ${value} to apply it`,
  off: {
    BackupCheckPeriodInHours:
      'This switches the product off: every alert is cleared, no engine is checked any more, and nobody is told of a backup that is missing.',
    BackupStuckAfterInHours:
      'This switches alerts about backups that do not end off: those that are active are cleared, and none is raised any more.',
    BackupLogRetentionInDays:
      'This switches the deletion of old reports off: the database grows without a limit.',
    AuditLogRetentionInDays:
      'This switches the deletion of old rows off: the database grows without a limit.',
  },
  unrestorable:
    'engine-backup cannot restore archives made with this value. Use it only if something else restores them.',
} as const;

function alertsOf(count: number): string {
  return count === 0 ? 'no alert' : count === 1 ? '1 alert' : `${count} alerts`;
}
