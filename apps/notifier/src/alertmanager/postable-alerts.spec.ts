import type { AlertRow } from '@backup-awareness/overview/state';
import { DAY_MS, exampleAlert, HOUR_MS, MINUTE_MS, NOW } from '../spec/example-alert.js';
import { postableAlerts, type PostableAlert } from './postable-alerts.js';
import type { AlertView } from './situation.js';

const NO_LINKS = { console: undefined, runbooks: undefined };

const post = (fields: Partial<AlertView>, links: Parameters<typeof postableAlerts>[2] = NO_LINKS) =>
  postableAlerts(
    { alerts: [], spells: [], monitored: 1, endedAfter: NOW - 15 * MINUTE_MS, ...fields },
    NOW,
    links,
  );
const labels = ({ labels: { alertname, fqdn } }: PostableAlert) => [alertname, fqdn];
const at = (ms: number) => new Date(ms).toISOString();

describe('the alerts for Alertmanager', () => {
  it('are identified by labels that never change, with all else in annotations', () => {
    const links = { console: 'https://console', runbooks: 'https://docs/runbooks' };
    expect(post({ alerts: [exampleAlert()] }, links)).toEqual([
      {
        labels: {
          alertname: 'EngineNoFullBackup',
          fqdn: 'engine.example.com',
          severity: 'critical',
          service: 'backup-awareness',
        },
        annotations: {
          summary: 'engine.example.com has no full backup',
          description: 'engine.example.com has no full backup: run engine-backup',
          command: expect.stringMatching(/^engine-backup --mode=backup --scope=all /),
          alert_id: '01900000-0000-7000-8000-000000000001',
          runbook_url: 'https://docs/runbooks/EngineNoFullBackup.md',
        },
        startsAt: at(NOW - HOUR_MS),
        endsAt: at(NOW + 5 * MINUTE_MS),
        generatorURL: 'https://console/engines/engine.example.com',
      },
    ]);
  });

  it('name the path of the runbook while it is not known where the runbooks are', () => {
    const [posted] = post({ alerts: [exampleAlert()] });
    expect(posted!.annotations).toMatchObject({
      runbook: 'docs/runbooks/EngineNoFullBackup.md',
    });
    expect(posted!.annotations).not.toHaveProperty('runbook_url');
  });

  it.each([
    ['ENGINE_NO_FULL_BACKUP', 'EngineNoFullBackup', 'critical'],
    ['ENGINE_NO_WARM_BACKUP', 'EngineNoWarmBackup', 'critical'],
    ['ENGINE_BACKUP_STUCK', 'EngineBackupStuck', 'warning'],
  ])('name %s %s, with severity %s', (alert, alertname, severity) => {
    const [posted] = post({ alerts: [exampleAlert({ alert })] });
    expect(posted!.labels).toMatchObject({ alertname, severity });
  });

  it('end when an alert was cleared, and say why', () => {
    const clearedAt = NOW - MINUTE_MS;
    const [posted] = post({ alerts: [exampleAlert({ clearedAt, reason: 'engine_retired' })] });
    expect(posted).toMatchObject({
      endsAt: at(clearedAt),
      annotations: {
        summary: 'engine.example.com: alert cleared, the engine was retired',
      },
    });
  });

  it('end when an alert was dismissed, without claiming that there is a backup', () => {
    const dismissed = { dismissedAt: NOW - MINUTE_MS, dismissedBy: 'jane' };
    const [posted] = post({ alerts: [exampleAlert(dismissed)] });
    expect(posted).toMatchObject({
      endsAt: at(NOW - MINUTE_MS),
      annotations: {
        summary: 'engine.example.com has no full backup: dismissed by jane, still active',
      },
    });
  });

  it('say until when an alert is dismissed', () => {
    const dismissed = { dismissedAt: NOW, dismissedBy: 'jane', dismissedUntil: NOW + DAY_MS };
    expect(post({ alerts: [exampleAlert(dismissed)] })[0]!.annotations['summary']).toBe(
      'engine.example.com has no full backup: dismissed by jane until 2026-11-24 12:00:00 UTC, still active',
    );
  });

  it('are one for all stuck runs of an engine, which names each and ends with the last', () => {
    const run = (alertId: string, fields: Partial<AlertRow>) =>
      exampleAlert({ alertId, alert: 'ENGINE_BACKUP_STUCK', message: `run ${alertId}`, ...fields });
    const [first, second] = [{ sinceAt: NOW - DAY_MS }, { sinceAt: NOW - HOUR_MS }];
    const over = { clearedAt: NOW - MINUTE_MS, reason: 'run_ended' };
    const postedOf = (...alerts: AlertRow[]) => {
      const posted = post({ alerts });
      expect(posted).toHaveLength(1);
      return posted[0];
    };
    expect(postedOf(run('1', first), run('2', second))).toMatchObject({
      annotations: {
        summary: '2 backup runs of engine.example.com are stuck',
        description: 'run 1\nrun 2',
        alert_id: '1, 2',
      },
      startsAt: at(NOW - DAY_MS),
      endsAt: at(NOW + 5 * MINUTE_MS),
    });
    expect(postedOf(run('1', { ...first, ...over }), run('2', second))).toMatchObject({
      annotations: { description: 'run 2' },
      endsAt: at(NOW + 5 * MINUTE_MS),
    });
    const later = { ...over, clearedAt: NOW - 1_000 };
    expect(
      postedOf(run('1', { ...first, ...over }), run('2', { ...second, ...later })),
    ).toMatchObject({ annotations: { alert_id: '2' }, endsAt: at(NOW - 1_000) });
  });

  it('omit what was cleared or dismissed long ago', () => {
    const ended = NOW - 16 * MINUTE_MS;
    const alerts = [
      exampleAlert({ clearedAt: ended, reason: 'full_backup' }),
      exampleAlert({ fqdn: 'other', dismissedAt: ended, dismissedBy: 'jane' }),
    ];
    expect(post({ alerts })).toEqual([]);
  });

  it.each([
    ['the active one before a cleared one', [NOW - MINUTE_MS, null]],
    ['the active one after a cleared one', [null, NOW - MINUTE_MS]],
  ])('include, of two with the same labels, only %s, so that it does not flap', (_, ends) => {
    const alerts = ends.map((clearedAt, i) => exampleAlert({ alertId: String(i), clearedAt }));
    const posted = post({ alerts });
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({ endsAt: at(NOW + 5 * MINUTE_MS) });
  });

  it('include, of two stuck runs of one engine, the one that is stuck for longer', () => {
    const alerts = [NOW - HOUR_MS, NOW - 2 * HOUR_MS].map((sinceAt) =>
      exampleAlert({ alert: 'ENGINE_BACKUP_STUCK', sinceAt }),
    );
    expect(post({ alerts })).toMatchObject([{ startsAt: at(NOW - 2 * HOUR_MS) }]);
  });

  it('never end before their start, or in the future, when clocks differ', () => {
    const [ahead] = post({ alerts: [exampleAlert({ sinceAt: NOW + HOUR_MS })] });
    expect(ahead!.startsAt).toBe(at(NOW));
    const [cleared] = post({ alerts: [exampleAlert({ clearedAt: NOW + HOUR_MS })] });
    expect(cleared!.endsAt).toBe(at(NOW));
  });

  it('say that the status is unknown, and when it is known again', () => {
    const spell = { unknownId: 'u', beganAt: NOW - HOUR_MS, endedAt: null, reason: 'the clock' };
    expect(post({ spells: [spell] })).toMatchObject([
      {
        labels: { alertname: 'BackupAwarenessUnknown' },
        annotations: { description: 'the clock' },
        endsAt: at(NOW + 5 * MINUTE_MS),
      },
    ]);
    expect(post({ spells: [{ ...spell, endedAt: NOW }] })).toMatchObject([{ endsAt: at(NOW) }]);
  });
});

describe('very many engines at once', () => {
  const many = (count: number, fields = {}) =>
    Array.from({ length: count }, (_, i) => exampleAlert({ fqdn: `engine-${i}`, ...fields }));
  const isMany = (fields: Partial<AlertView>) =>
    post(fields).some(({ labels: { alertname } }) => alertname === 'ManyEnginesWithoutFreshBackup');

  it.each([
    ['200 of 200', 200, 200, false],
    ['201 of 1,005', 201, 1_005, false],
    ['201 of 1,004', 201, 1_004, true],
  ])('%s add a summary alert: %s', (_, count, monitored, expected) => {
    expect(isMany({ alerts: many(count), monitored })).toBe(expected);
  });

  it('are counted without dismissed alerts and stuck runs', () => {
    const dismissed = many(300, { dismissedAt: NOW, dismissedBy: 'jane' });
    const stuck = many(300, { alert: 'ENGINE_BACKUP_STUCK' });
    expect(isMany({ alerts: dismissed, monitored: 300 })).toBe(false);
    expect(isMany({ alerts: stuck, monitored: 300 })).toBe(false);
  });

  it('are also sent one by one', () => {
    const posted = post({ alerts: many(201, { sinceAt: NOW - DAY_MS }), monitored: 201 });
    expect(posted).toHaveLength(202);
    expect(posted.map(labels)).toContainEqual(['EngineNoFullBackup', 'engine-200']);
    expect(posted.at(-1)).toMatchObject({
      annotations: { summary: '201 of 201 engines have no fresh full backup' },
      startsAt: at(NOW - DAY_MS),
    });
  });
});
