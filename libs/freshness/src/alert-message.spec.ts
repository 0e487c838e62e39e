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
const watched =
  'watched since 2026-11-20 12:34:55 UTC, for over 3 days. A full backup is one of db and of files,' +
  ' each at most 1 day and 12 hours old.';

describe('the words of an alert', () => {
  it('say that both are missing, since when, and what to run', () => {
    expect(messageFor({})).toBe(
      `engine.example.com has no full backup: both db and files are missing; ${watched} ${command}`,
    );
  });
  it('say that db is there and files is missing', () => {
    expect(messageFor({ lastDbSuccessAt: NOW - HOUR_MS })).toBe(
      'engine.example.com has no full backup: db is there (2026-11-23 11:34:56 UTC), files is missing; ' +
        `${watched} ${command}`,
    );
  });
  it('say that files is there and db is missing, dated now at the latest', () => {
    expect(messageFor({ lastFilesSuccessAt: NOW + HOUR_MS })).toBe(
      'engine.example.com has no full backup: files is there (2026-11-23 12:34:56 UTC), db is missing; ' +
        `${watched} ${command}`,
    );
  });
  it('say how old the last full backup is, the limit, and since when that is over', () => {
    const at = NOW - 2 * DAY_MS - HOUR_MS;
    expect(messageFor({ lastDbSuccessAt: NOW, lastFilesSuccessAt: at })).toBe(
      'The last full backup of engine.example.com is too old: it is of 2026-11-21 11:34:56 UTC,' +
        ' 2 days and 1 hour ago, and at most 1 day and 12 hours is allowed;' +
        ` too old since 2026-11-22 23:34:56 UTC. ${command}`,
    );
  });
});
