import { ageInWords, durationInWords } from './duration.js';
import type { EngineFacts } from './engine-facts.js';
import type { Complaint } from './judge-freshness.js';

/** An alert in one line for a person, in UTC: what is missing since when, how old, the limit, and the command to run. */
export function alertMessage(facts: EngineFacts, complaint: Complaint, now: number): string {
  const limit = durationInWords(facts.alertPeriodMs);
  const what =
    complaint.verdict === 'too_old'
      ? `The last full backup of ${facts.fqdn} is too old: it is of ${utc(complaint.lastFullBackupAt)}, ` +
        `${ageInWords(complaint.ageMs)} ago, and at most ${limit} is allowed; too old since ${utc(complaint.sinceAt)}.`
      : `${facts.fqdn} has no full backup: ${whatIsThere(facts, now)}; watched since ${utc(complaint.sinceAt)}, ` +
        `for ${ageInWords(now - complaint.sinceAt)}. A full backup is one of db and of files, each at most ${limit} old.`;
  return `${what} Run on its host: ${backupCommand(now)}`;
}

function whatIsThere({ lastDbSuccessAt, lastFilesSuccessAt }: EngineFacts, now: number): string {
  if (lastDbSuccessAt !== null) {
    return `db is there (${utc(Math.min(lastDbSuccessAt, now))}), files is missing`;
  }
  if (lastFilesSuccessAt !== null) {
    return `files is there (${utc(Math.min(lastFilesSuccessAt, now))}), db is missing`;
  }
  return 'both db and files are missing';
}

/** Dated names: a fixed one would overwrite the backup before, perhaps the only good one. */
function backupCommand(now: number): string {
  const stamp = utc(now).replace(/\D/g, '');
  return (
    'engine-backup --mode=backup --scope=all ' +
    `--file=/var/lib/ovirt-engine-backup/engine-${stamp}.backup ` +
    `--log=/var/log/ovirt-engine-backup/engine-${stamp}.log`
  );
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
