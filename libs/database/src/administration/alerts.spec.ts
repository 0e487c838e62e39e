import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { readOutbox } from '../outbox/outbox.js';
import { dismissAlert } from './dismiss-alert.js';
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

  test('that is dismissed leaves the list, stays active, and makes one event', async () => {
    await owner.query('INSERT INTO engine (fqdn) VALUES ($1)', [fqdn]);
    const alertId = await raise();
    const dismissed = await dismissAlert(owner, { alertId, who });
    expect(dismissed).toMatchObject({ outcome: 'dismissed', dismissedBy: who });
    expect(await dismissAlert(owner, { alertId: alertId.toUpperCase(), who: 'other' })).toEqual({
      ...dismissed,
      outcome: 'already_dismissed',
    });
    expect(await listAlerts(owner)).toEqual([]);
    const when = dismissed.dismissedAt.toISOString();
    expect(await listAlerts(owner, { all: true })).toMatchObject([
      { alert_id: alertId, active: true, dismissed_by: who, dismissed_at: when },
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
          },
        },
      },
    ]);
  });

  test('that is past can be dismissed too', async () => {
    const alertId = await raise({ cleared: true });
    await dismissAlert(owner, { alertId, who });
    expect(await readOutbox(owner, 10)).toMatchObject([{ event: { data: { from: 'past' } } }]);
  });

  test('that is unknown cannot be dismissed', async () => {
    for (const alertId of ['x', randomUUID()])
      await expect(dismissAlert(owner, { alertId, who })).rejects.toThrow(RefusedError);
  });

  test('of freshness can be active only once for an engine', async () => {
    await raise();
    await expect(raise({ sequence: 2 })).rejects.toThrow('alert_one_of_freshness_active');
  });
});
