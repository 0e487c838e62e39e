import { alertMessage } from './alert-message.js';
import { DAY_MS, HOUR_MS } from './duration.js';
import type { EngineFacts } from './engine-facts.js';
import { judgeFreshness } from './judge-freshness.js';

const NOW = Date.UTC(2026, 10, 23, 12, 34, 56);
const engine: EngineFacts = {
  fqdn: 'engine.example.com',
  watchedSinceAt: NOW - 3 * DAY_MS - 1,
  retired: false,
  lastDbSuccessAt: null,
  lastFilesSuccessAt: null,
  alertPeriodMs: 1.5 * DAY_MS,
  alertPeriodChangedAt: null,
};

function messageFor(facts: Partial<EngineFacts>): string {
  const read = { ...engine, ...facts };
  const freshness = judgeFreshness(read, NOW);
  if (freshness.verdict === 'fresh' || freshness.verdict === 'unknown')
    throw new Error('there is nothing to complain of');
  return alertMessage(read, freshness, NOW);
}

const command =
  'Run on its host: engine-backup --mode=backup --scope=all' +
  ' --file=/var/lib/ovirt-engine-backup/engine-20261123123456.backup' +
  ' --log=/var/log/ovirt-engine-backup/engine-20261123123456.log';
const monitoring =
  'Monitoring since 2026-11-20 12:34:55 UTC (3 d). A full backup consists of a db and a files backup;' +
  ' its maximum age is 1 day and 12 hours.';

describe('the message of an alert', () => {
  it('says that both backups are missing, since when, and what to run', () => {
    expect(messageFor({})).toBe(
      `engine.example.com has no full backup: there is neither a db nor a files backup. ${monitoring} ${command}`,
    );
  });
  it('says that db exists and files is missing', () => {
    expect(messageFor({ lastDbSuccessAt: NOW - HOUR_MS })).toBe(
      'engine.example.com has no full backup: there is a db backup (2026-11-23 11:34:56 UTC), but no files backup. ' +
        `${monitoring} ${command}`,
    );
  });
  it('says that files exists and db is missing, dated now at the latest', () => {
    expect(messageFor({ lastFilesSuccessAt: NOW + HOUR_MS })).toBe(
      'engine.example.com has no full backup: there is a files backup (2026-11-23 12:34:56 UTC), but no db backup. ' +
        `${monitoring} ${command}`,
    );
  });
  it('says how old the last full backup is, the maximum age, and since when it is exceeded', () => {
    const at = NOW - 2 * DAY_MS - HOUR_MS;
    expect(messageFor({ lastDbSuccessAt: NOW, lastFilesSuccessAt: at })).toBe(
      'The last full backup of engine.example.com is too old: it was completed at 2026-11-21 11:34:56 UTC,' +
        ' 2 d 1 h ago; the maximum age is 1 day and 12 hours,' +
        ` exceeded since 2026-11-22 23:34:56 UTC. ${command}`,
    );
  });
});
