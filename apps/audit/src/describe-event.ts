import type {
  alertDismissalEndedData,
  alertDismissedData,
  backupAlertClearedData,
  backupCheckCompletedData,
  CheckReason,
  ClearReason,
  clockAcceptedData,
  databaseRestoredData,
  deadLetterDiscardedData,
  deadLetterReplayedData,
  engineAddedData,
  EngineBackupReport,
  engineRetiredData,
  ReportName,
  settingChangedData,
  signedInData,
  signedOutData,
  signInFailedData,
  tokenCreatedData,
  tokenRevokedData,
} from '@backup-awareness/contracts';
import type { output } from 'zod';

/** The audit log's message for each kind of event. */

const WHAT_HAPPENED: Readonly<Record<ReportName, string>> = {
  ENGINE_BACKUP_STARTED: 'started',
  ENGINE_BACKUP_COMPLETED: 'completed',
  ENGINE_BACKUP_FAILED: 'failed',
};

export function describeReport(report: EngineBackupReport): string {
  const { fqdn, scope, name, outputMessage, logPath } = report;
  const said = outputMessage === '' ? '' : `: ${outputMessage}`;
  const log = logPath === '' ? '' : ` (log: ${logPath})`;
  return `${fqdn}: ${scope} backup ${WHAT_HAPPENED[name]}${said}${log}`;
}

const WHY_CLEARED: Readonly<Record<ClearReason, string>> = {
  full_backup: 'there is a fresh full backup',
  period_extended: 'the limit was raised',
  superseded: 'another alert takes its place',
  disabled: 'the feature was disabled',
  engine_retired: 'the engine was retired',
  run_ended: 'the run has ended',
  later_run: 'later runs have completed every scope that it started',
};

export function describeCleared(data: output<typeof backupAlertClearedData>): string {
  return `${data.fqdn}: ${data.alert}, raised at ${toSecond(data.raised_at)}, is cleared: ${WHY_CLEARED[data.reason]}`;
}

export function describeSetting(data: output<typeof settingChangedData>): string {
  const whose = data.fqdn === undefined ? '' : `${data.fqdn}: `;
  return `${whose}${data.who} changed ${data.what} from ${shown(data.from)} to ${shown(data.to)}`;
}

export function describeDismissed(data: output<typeof alertDismissedData>): string {
  const until = data.until ? ` until ${toSecond(data.until)}` : '';
  const comment = data.comment ? `: ${data.comment}` : '';
  return `${data.fqdn}: ${data.who} dismissed the alert ${data.alert}${until}${comment}`;
}

export function describeDismissalEnded(data: output<typeof alertDismissalEndedData>): string {
  return `${data.fqdn}: ${data.who} ended the dismissal of the alert ${data.alert}`;
}

export function describeTokenCreated(data: output<typeof tokenCreatedData>): string {
  const role = data.what === 'token' ? ` with the role ${data.to}` : '';
  const expires = data.expires_at === null ? '' : `, valid until ${toSecond(data.expires_at)}`;
  return `${data.who} created the ${data.what} ${data.name}${role}${expires}`;
}

export function describeTokenRevoked(data: output<typeof tokenRevokedData>): string {
  const whose = data.session_of === undefined ? '' : ` of ${data.session_of}`;
  return `${data.who} revoked the ${data.what} ${data.name}${whose}`;
}

export function describeSignedIn(data: output<typeof signedInData>): string {
  return `${data.who} signed in by ${data.by} with the role ${data.to} from ${data.address}`;
}

export function describeSignedOut(data: output<typeof signedOutData>): string {
  return `${data.who} signed out`;
}

export function describeSignInFailed(data: output<typeof signInFailedData>): string {
  const failed = data.failures === 1 ? 'a sign-in failed' : `${data.failures} sign-ins failed`;
  const latest = data.failures === 1 ? '' : 'the latest ';
  return `${failed}, ${latest}from ${data.address}: ${data.reason}`;
}

export function describeAdded(data: output<typeof engineAddedData>): string {
  return `${data.fqdn}: ${data.who} ${data.from === 'retired' ? 'resumed' : 'started'} monitoring the engine`;
}

export function describeRetired(data: output<typeof engineRetiredData>): string {
  return `${data.fqdn}: ${data.who} retired the engine`;
}

export function describeCheck(data: output<typeof backupCheckCompletedData>): string {
  const verdicts = [
    `${data.fresh} fresh`,
    `${data.no_warm_backup} too old`,
    `${data.no_full_backup} with no full backup`,
    ...(data.unknown ? [`${data.unknown} unknown`] : []),
  ].join(', ');
  const why = data.reason === undefined ? '' : ` (${WHY_CHECKED[data.reason]})`;
  return `check completed${why}: ${plural(data.engines, 'engine')}: ${verdicts}; ${plural(data.raised, 'alert')} raised, ${data.cleared} cleared`;
}

const WHY_CHECKED: Readonly<Record<CheckReason, string>> = {
  became_leader: 'new leader',
  never_checked: 'first check',
  period_over: 'scheduled',
};

export function describeClock(data: output<typeof clockAcceptedData>): string {
  const before = data.from === null ? '' : ` (the latest decision was at ${toSecond(data.from)})`;
  const successes = plural(data.discounted, 'success', 'successes');
  return `${data.who} accepted the database's clock of ${toSecond(data.to)}${before}; ${successes} in its future no longer count: ${data.comment}`;
}

export function describeRestored(data: output<typeof databaseRestoredData>): string {
  const copied = data.copied_at === null ? '' : ` of ${toSecond(data.copied_at)}`;
  return `The database was restored from a copy${copied}: what was stored, changed and alerted after that is missing; sequence numbers continue above ${data.sequence}`;
}

export function describeReplayed(data: output<typeof deadLetterReplayedData>): string {
  const comment = data.comment === null ? '' : `: ${data.comment}`;
  return `${data.who} ${data.to} ${letterInWords(data)}${comment}`;
}

export function describeDiscarded(data: output<typeof deadLetterDiscardedData>): string {
  return `${data.who} discarded ${letterInWords(data)}: ${data.comment}`;
}

function letterInWords(data: Omit<output<typeof deadLetterDiscardedData>, 'comment'>): string {
  const why = data.reason === null ? '' : ` (${data.reason})`;
  return `the ${data.what} ${data.id} of ${data.queue}${why}`;
}

/** An instant in UTC without its fraction of a second. */
function toSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function shown(value: string | null): string {
  return value === null ? 'nothing' : JSON.stringify(value);
}
