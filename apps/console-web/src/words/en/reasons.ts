/** A reason in words: what is the matter, what to do about it, and a command that helps. */
export interface ReasonWords {
  readonly what: string;
  readonly todo: string;
  readonly command?: string;
}

/** Parameters and instants of a reason, each as a text. */
type Texts = Readonly<Record<string, string>>;

const DOCTOR = 'backup-awareness doctor';
const LETTERS = 'backup-awareness dead-letters list';

const STAGES: Readonly<Record<string, string>> = {
  decision: 'Engines are not checked',
  relay: 'Events are not published',
  audit: 'Events are not recorded in the audit log',
  ingest: 'Reports are not stored',
};
const stageFails = (stage = '') => STAGES[stage] ?? `The stage ${stage} does not work`;

/** By the kinds of the product's findings (libs/overview), and those that only the page can have. */
export const reasons: Readonly<Record<string, (of: Texts) => ReasonWords>> = {
  connection_lost: () => ({
    what: 'The connection to the console is lost.',
    todo: 'The page connects again by itself. If it does not, look whether the console runs.',
    command: DOCTOR,
  }),
  outdated: ({ ageMs }) => ({
    what: `What the page knows is ${ageMs} old.`,
    todo: 'The page asks again by itself. If it stays so, look whether console and database answer.',
    command: DOCTOR,
  }),
  not_answered: ({ error }) => ({
    what: `The console could not answer: ${error}`,
    todo: 'The page asks again by itself. If it stays so, look at console and database.',
    command: DOCTOR,
  }),
  disabled: () => ({
    what: 'Checks are switched off: BackupCheckPeriodInHours is -1.',
    todo: 'No alert is raised or cleared. To switch them on, set how often to check, in hours.',
    command: 'backup-awareness config -s BackupCheckPeriodInHours=6',
  }),
  clock_behind: ({ clockAt, latestAt }) => ({
    what: `The clock was set back: it says ${clockAt}, but a decision was made at ${latestAt}.`,
    todo: 'Nothing is decided until the time is right. Set the clock of the database host, then look again.',
    command: DOCTOR,
  }),
  setting_unreadable: ({ reason }) => ({
    what: `A setting cannot be read: ${reason}.`,
    todo: 'Nothing is decided until it is set right, on the page Settings or by the command line.',
    command: 'backup-awareness config -s KEY=VALUE',
  }),
  never_checked: () => ({
    what: 'No check has been made yet.',
    todo: 'The first one comes within seconds of the start. If it does not, freshness-checker does not run.',
    command: DOCTOR,
  }),
  check_overdue: ({ nextCheckAt }) => ({
    what: `The check due at ${nextCheckAt} has not been made.`,
    todo: 'freshness-checker does not run, or cannot work. Look why.',
    command: DOCTOR,
  }),
  stage_unproven: ({ stage, provenAt }) => ({
    what:
      provenAt === undefined
        ? `${stageFails(stage)}: this has not worked yet.`
        : `${stageFails(stage)}: this last worked at ${provenAt}.`,
    todo: 'Until it works, backups may be made that nobody counts, or alerts that nobody gets.',
    command: DOCTOR,
  }),
  success_in_future: ({ fqdn, successAt }) => ({
    what: `${fqdn} has reported a backup in the future, at ${successAt}: its true age is unknown.`,
    todo: 'Set the clock of that host, then discount the report.',
    command: 'backup-awareness clock accept',
  }),
  engine_unjudgeable: ({ fqdn }) => ({
    what: `${fqdn} cannot be judged.`,
    todo: 'Look what is known of it.',
    command: `backup-awareness explain ${fqdn}`,
  }),
  broker_unreachable: ({ host, error }) => ({
    what: `The broker at ${host} does not answer: ${error}`,
    todo: 'No report arrives until it does. Start RabbitMQ, or repair the network.',
    command: DOCTOR,
  }),
  alert_active: ({ fqdn, sinceAt }) => ({
    what: `There is an alert for ${fqdn} since ${sinceAt}.`,
    todo: 'Run a full backup on that host.',
    command: 'engine-backup --mode=backup --scope=all',
  }),
  no_monitored_engine: () => ({
    what: 'No engine is monitored.',
    todo: 'Add the first one.',
    command: 'backup-awareness engines add FQDN',
  }),
  alert_due: ({ fqdn, sinceAt }) => ({
    what: `${fqdn} has had no fresh full backup since ${sinceAt}; the next check raises an alert.`,
    todo: 'Run a full backup on that host.',
    command: 'engine-backup --mode=backup --scope=all',
  }),
  backup_stuck: ({ fqdn, scopes, sinceAt }) => ({
    what: `A backup of ${fqdn} (${scopes}) has not ended since ${sinceAt}.`,
    todo: 'Look on that host whether it still runs.',
    command: `backup-awareness explain ${fqdn}`,
  }),
  latest_run_failed: ({ fqdn, scope, failedAt }) => ({
    what: `The latest backup of ${fqdn} (${scope}) failed at ${failedAt}.`,
    todo: 'Look why, and run it again.',
    command: `backup-awareness explain ${fqdn}`,
  }),
  exclude_mode_table: () => ({
    what: 'BackupExcludeMode is "table": archives may not be restorable.',
    todo: 'Set it to "data".',
    command: 'backup-awareness config -s BackupExcludeMode=data',
  }),
  database_restored: ({ restoredAt }) => ({
    what: `The database was restored from a copy, noticed at ${restoredAt}: what came after the copy is missing.`,
    todo: 'Have the engines report again; the next backup of each is enough.',
  }),
  events_set_aside: ({ count }) => ({
    what: `Events that could not be published: ${count}.`,
    todo: 'Their receivers do not know of them. Look why, then publish them again.',
    command: 'backup-awareness outbox list',
  }),
  events_pending: ({ oldestPendingAt }) => ({
    what: `Events have waited to be published since ${oldestPendingAt}.`,
    todo: 'Subscribers do not get them yet. Look whether the broker answers.',
    command: DOCTOR,
  }),
  destination_failing: ({ destination, failingSince, error }) => ({
    what: `${destination} has not been notified since ${failingSince}: ${error}`,
    todo: 'Who relies on it does not learn of alerts. Repair the destination or its address.',
    command: DOCTOR,
  }),
  destination_unserved: ({ destination, seenAt }) => ({
    what: `No notifier has served ${destination} since ${seenAt}.`,
    todo: 'Start notifier.',
    command: DOCTOR,
  }),
  dead_letters: ({ count }) => ({
    what: `Messages that were refused for good: ${count}.`,
    todo: 'Each may be a backup that does not count. Look at the page Dead letters.',
    command: LETTERS,
  }),
  unrouted: ({ count }) => ({
    what: `Messages that no queue takes: ${count}.`,
    todo: 'Each may be a backup that does not count. Look at their routing keys.',
    command: LETTERS,
  }),
  queue_filling: ({ queue, percent }) => ({
    what: `The queue ${queue} is ${percent} % full.`,
    todo: 'When it is full, the broker drops messages. Replay or discard what it holds.',
    command: LETTERS,
  }),
  queue_missing: ({ queue }) => ({
    what: `The queue ${queue} is missing.`,
    todo: 'Reports or events may get lost. Restore the topology.',
    command: 'backup-awareness topology verify',
  }),
  topology_differs: ({ difference }) => ({
    what: `The broker's topology is not as it should be: ${difference}`,
    todo: 'Look what differs, and how to remove the difference.',
    command: 'backup-awareness topology verify',
  }),
  topology_warning: ({ warning }) => ({
    what: warning ?? '',
    todo: 'Look what to do about it.',
    command: 'backup-awareness topology verify',
  }),
  topology_unknown: ({ error }) => ({
    what: `The broker's topology cannot be compared: ${error}`,
    todo: "Look whether the broker's management API answers.",
    command: DOCTOR,
  }),
  service_not_ready: ({ name, unready }) => ({
    what: `${name} is not ready: ${unready}`,
    todo: 'Look why; its log says more.',
    command: DOCTOR,
  }),
};

export const unknownReason = (kind: string): ReasonWords => ({
  what: `There is a reason that this page has no words for: ${kind}.`,
  todo: 'Load the page again. The command line names the reason.',
  command: 'backup-awareness status',
});
