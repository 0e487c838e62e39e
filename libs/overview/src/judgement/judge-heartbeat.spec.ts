import { readFreshnessSettings } from '@backup-awareness/contracts/plain';
import { decidingTime } from '@backup-awareness/freshness';
import type { HeartbeatState } from '../state/heartbeat-state.js';
import type { ServiceReadiness } from '../surroundings/services.js';
import { judgeHeartbeat } from './judge-heartbeat.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OLD = NOW - 2 * MINUTE_MS - 1;
const settings = (period: string) =>
  readFreshnessSettings({
    BackupCheckPeriodInHours: period,
    BackupAlertPeriodInDays: '1',
    BackupStuckAfterInHours: '12',
  });

/** Every stage was proven two minutes ago, to the millisecond. */
const PROVEN: HeartbeatState = {
  now: NOW,
  time: decidingTime(NOW, NOW),
  settings: settings('6'),
  lastCheck: { at: NOW - HOUR_MS },
  provenAt: {
    decision: NOW - 2 * MINUTE_MS,
    relay: NOW - 2 * MINUTE_MS,
    audit: NOW - 2 * MINUTE_MS,
    ingest: NOW - 2 * MINUTE_MS,
  },
  pending: { count: 3, oldestAt: NOW - 2 * MINUTE_MS },
  beatenAt: null,
};
const unready: ServiceReadiness = {
  name: 'ingest',
  url: '',
  unready: { kind: 'no_answer', error: 'connection refused' },
};

describe('a heartbeat', () => {
  it('has no obstacle while every stage was proven within two minutes', () => {
    expect(judgeHeartbeat(PROVEN, [])).toEqual({ findings: [], unproven: [] });
  });

  it.each<[string, Partial<HeartbeatState>, readonly ServiceReadiness[], string[]]>([
    ['a check is overdue', { lastCheck: { at: NOW - 7 * HOUR_MS } }, [], ['check_overdue']],
    ['there was no check yet', { lastCheck: null }, [], ['never_checked']],
    ['checks are disabled', { settings: settings('-1') }, [], ['disabled']],
    ['a setting cannot be read', { settings: settings('soon') }, [], ['setting_unreadable']],
    ['the clock is behind', { time: decidingTime(NOW, NOW + HOUR_MS) }, [], ['clock_behind']],
    [
      'events of alerts are stuck',
      { pending: { count: 3, oldestAt: OLD } },
      [],
      ['events_pending'],
    ],
    ['a service is not ready', {}, [unready], ['service_not_ready']],
  ])('has one while %s', (_, state, services, kinds) => {
    const { findings, unproven } = judgeHeartbeat({ ...PROVEN, ...state }, services);
    expect(findings.map(({ kind }) => kind)).toEqual(kinds);
    expect(unproven).toEqual([]);
  });

  it.each<[string, Partial<HeartbeatState['provenAt']>, string[]]>([
    ['the leader has not decided', { decision: OLD }, ['decision']],
    ['the outbox is not published', { relay: OLD }, ['relay']],
    ['audit has not recorded it', { audit: OLD }, ['audit']],
    ['ingest has not answered', { ingest: OLD }, ['ingest']],
    ['ingest has never answered', { ingest: null }, ['ingest']],
    ['a proof lies in the future', { audit: NOW + 2 * MINUTE_MS + 1 }, ['audit']],
  ])('has one while %s', (_, provenAt, stages) => {
    const state = { ...PROVEN, provenAt: { ...PROVEN.provenAt, ...provenAt } };
    const { findings, unproven } = judgeHeartbeat(state, []);
    expect(unproven.map(({ stage }) => stage)).toEqual(stages);
    expect(findings).toEqual([]);
  });

  it('names the first unproven stage of its way, and ingest beside it', () => {
    const provenAt = { decision: NOW, relay: OLD, audit: OLD, ingest: OLD };
    expect(judgeHeartbeat({ ...PROVEN, provenAt }, []).unproven).toEqual([
      { stage: 'relay', provenAt: OLD },
      { stage: 'ingest', provenAt: OLD },
    ]);
  });
});
