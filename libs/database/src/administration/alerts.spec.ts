import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { readOutbox } from '../outbox/outbox.js';
import { dismissAlert, endDismissal } from './dismiss-alert.js';
import { listAlerts } from './list-alerts.js';
import { listEngines } from './list-engines.js';
import { RefusedError } from './refused-error.js';

let database: TestDatabase;
let owner: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = database.owner;
});
afterAll(() => database?.drop());
beforeEach(() => owner.query('TRUNCATE outbox, engine, alert, alert_dismissal'));

const fqdn = 'engine.example.com';
const who = 'root';
const comment = 'moves to the new site';
const never = () => null;

describe('an alert', () => {
  async function raise(fields: { cleared?: boolean; sequence?: number } = {}): Promise<string> {
    const alertId = randomUUID();
    await owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at, reason)
       VALUES ($1, 'ENGINE_NO_FULL_BACKUP', $2, '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', 1, $3, 'no backup', $4, $5)`,
      [
        alertId,
        fqdn,
        fields.sequence ?? 1,
        fields.cleared ? '2026-01-01T12:00:00Z' : null,
        fields.cleared ? 'full_backup' : null,
      ],
    );
    return alertId;
  }

  test('is listed as the contract specifies', async () => {
    const alertId = await raise();
    expect(await listAlerts(owner)).toEqual([
      {
        alert_id: alertId,
        alert: 'ENGINE_NO_FULL_BACKUP',
        fqdn,
        active: true,
        since: '2026-01-01T10:00:00.000Z',
        raised_at: '2026-01-01T11:00:00.000Z',
        cleared_at: null,
        reason: null,
        dismissed_at: null,
        dismissed_by: null,
        dismissed_until: null,
        dismissal_comment: null,
        sequence: 1,
        message: 'no backup',
      },
    ]);
  });

  test('that is past is listed only among all', async () => {
    const alertId = await raise({ cleared: true });
    expect(await listAlerts(owner)).toEqual([]);
    expect(await listAlerts(owner, { all: true })).toMatchObject([
      {
        alert_id: alertId,
        active: false,
        cleared_at: '2026-01-01T12:00:00.000Z',
        reason: 'full_backup',
      },
    ]);
  });

  test.each([false, true])(
    'whose dismissal is ended is shown again, with one event (past: %s)',
    async (cleared) => {
      const alertId = await raise({ cleared });
      expect(await endDismissal(owner, { alertId, who })).toMatchObject({
        outcome: 'not_dismissed',
      });
      await dismissAlert(owner, { alertId, who, comment, until: never });
      expect(await endDismissal(owner, { alertId, who: 'anna' })).toMatchObject({
        outcome: 'ended',
      });
      expect(await endDismissal(owner, { alertId, who })).toMatchObject({
        outcome: 'not_dismissed',
      });
      expect(await listAlerts(owner, { all: true })).toMatchObject([
        { alert_id: alertId, active: !cleared, dismissed_at: null },
      ]);
      const [, ended, ...others] = await readOutbox(owner, 10);
      expect(ended!.event).toMatchObject({
        name: 'AlertDismissalEnded',
        data: { who: 'anna', from: 'dismissed', to: cleared ? 'past' : 'active', fqdn },
      });
      expect(others).toEqual([]);
    },
  );

  test('that is unknown has no dismissal to end', async () => {
    await expect(endDismissal(owner, { alertId: randomUUID(), who })).rejects.toThrow(RefusedError);
  });

  test('that is dismissed leaves the list, stays active, and makes one event', async () => {
    await owner.query('INSERT INTO engine (fqdn) VALUES ($1)', [fqdn]);
    const alertId = await raise();
    const request = { alertId, who, comment, until: never };
    const dismissed = await dismissAlert(owner, request);
    expect(dismissed).toMatchObject({ outcome: 'dismissed', dismissedBy: who });
    const again = { ...request, alertId: alertId.toUpperCase(), who: 'other' };
    expect(await dismissAlert(owner, again)).toEqual({
      ...dismissed,
      outcome: 'already_dismissed',
    });
    expect(await listAlerts(owner)).toEqual([]);
    const when = dismissed.dismissedAt.toISOString();
    expect(await listAlerts(owner, { all: true })).toMatchObject([
      {
        alert_id: alertId,
        active: true,
        dismissed_by: who,
        dismissed_at: when,
        dismissed_until: null,
        dismissal_comment: comment,
      },
    ]);
    expect((await listEngines(owner))[0]?.activeAlert).toBe('ENGINE_NO_FULL_BACKUP');
    expect(await readOutbox(owner, 10)).toMatchObject([
      {
        event: {
          name: 'AlertDismissed',
          data: {
            who,
            what: 'alert',
            from: 'active',
            to: 'dismissed',
            when,
            alert_id: alertId,
            alert: 'ENGINE_NO_FULL_BACKUP',
            fqdn,
            comment,
            until: null,
          },
        },
      },
    ]);
  });

  test('is listed again from the end of its dismissal, and a later dismissal replaces an earlier one', async () => {
    const alertId = await raise();
    const request = { alertId, who, comment };
    const inAnHour = (now: Date) => new Date(now.getTime() + 3_600_000);
    await dismissAlert(owner, { ...request, until: never });
    const { outcome, dismissedUntil } = await dismissAlert(owner, { ...request, until: inAnHour });
    expect(outcome).toBe('dismissed');
    expect(await listAlerts(owner)).toEqual([]);
    expect(await readOutbox(owner, 10)).toMatchObject([
      { event: { data: { from: 'active', until: null } } },
      { event: { data: { from: 'dismissed', until: dismissedUntil?.toISOString() } } },
    ]);
    await owner.query('UPDATE alert_dismissal SET dismissed_until = now()');
    const shown = { dismissed_at: null, dismissed_by: null, dismissal_comment: null };
    expect(await listAlerts(owner)).toMatchObject([{ alert_id: alertId, ...shown }]);
    await dismissAlert(owner, { ...request, until: never });
    expect(await readOutbox(owner, 10)).toMatchObject([
      {},
      {},
      { event: { data: { from: 'active' } } },
    ]);
  });

  test('that was cleared while it was dismissed still shows that, however long ago', async () => {
    const alertId = await raise({ cleared: true });
    await owner.query(
      `INSERT INTO alert_dismissal VALUES ($1, '2026-01-01T11:30:00Z', 'ann', '2026-01-01T13:00:00Z', 'why')`,
      [alertId],
    );
    expect(await listAlerts(owner, { all: true })).toMatchObject([
      { dismissed_by: 'ann', dismissed_until: '2026-01-01T13:00:00.000Z' },
    ]);
  });

  test.each([
    ['without a comment', { comment: ' ' }, /^comment: /],
    ['with a comment of several lines', { comment: 'one\ntwo' }, /^comment: /],
    ['with a comment that is too long', { comment: 'x'.repeat(1_001) }, /^comment: /],
    ['until an instant in the past', { until: (now: Date) => now }, /^until: /],
  ])('cannot be dismissed %s', async (_, fields, message) => {
    const alertId = await raise();
    const request = { alertId, who, comment, until: never, ...fields };
    await expect(dismissAlert(owner, request)).rejects.toThrow(message);
    expect(await listAlerts(owner)).toHaveLength(1);
    expect(await readOutbox(owner, 10)).toEqual([]);
  });

  test('that is past can be dismissed too', async () => {
    const alertId = await raise({ cleared: true });
    await dismissAlert(owner, { alertId, who, comment, until: never });
    expect(await readOutbox(owner, 10)).toMatchObject([{ event: { data: { from: 'past' } } }]);
  });

  test('that is unknown cannot be dismissed', async () => {
    for (const alertId of ['x', randomUUID()])
      await expect(dismissAlert(owner, { alertId, who, comment, until: never })).rejects.toThrow(
        RefusedError,
      );
  });

  test('of freshness can be active only once for an engine', async () => {
    await raise();
    await expect(raise({ sequence: 2 })).rejects.toThrow('alert_one_of_freshness_active');
  });
});
