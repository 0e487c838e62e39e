import { ageInWords, durationInWords } from './duration.js';
import type { EngineFacts } from './engine-facts.js';
import type { Complaint } from './judge-freshness.js';

/** An alert in one line, in UTC: what is missing since when, its age, the maximum age, and the command to run. */
export function alertMessage(facts: EngineFacts, complaint: Complaint, now: number): string {
  const limit = durationInWords(facts.alertPeriodMs);
  const what =
    complaint.verdict === 'too_old'
      ? `The last full backup of ${facts.fqdn} is too old: it was completed at ${utc(complaint.lastFullBackupAt)}, ` +
        `${ageInWords(complaint.ageMs)} ago; the maximum age is ${limit}, exceeded since ${utc(complaint.sinceAt)}.`
      : `${facts.fqdn} has no full backup: ${whatExists(facts, now)}. Monitoring since ${utc(complaint.sinceAt)} ` +
        `(${ageInWords(now - complaint.sinceAt)}). A full backup consists of a db and a files backup; its maximum age is ${limit}.`;
  return `${what} Run on its host: ${backupCommand(now)}`;
}

function whatExists({ lastDbSuccessAt, lastFilesSuccessAt }: EngineFacts, now: number): string {
  if (lastDbSuccessAt !== null) {
    return `there is a db backup (${utc(Math.min(lastDbSuccessAt, now))}), but no files backup`;
  }
  if (lastFilesSuccessAt !== null) {
    return `there is a files backup (${utc(Math.min(lastFilesSuccessAt, now))}), but no db backup`;
  }
  return 'there is neither a db nor a files backup';
}

/** Dated names: a fixed one would overwrite the previous backup, perhaps the only good one. */
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
