import {
  exampleAlert,
  exampleEngine,
  exampleProduct,
  exampleStuckAlert,
  HOUR_MS,
  NOW,
} from '../spec/example-view.js';
import { fleetFigures, isCertain } from './fleet.js';

const none = { fresh: 0, too_old: 0, no_full_backup: 0, unknown: 0 };
const inFuture = {
  verdict: 'unknown',
  lastFullBackupAt: NOW - 50 * HOUR_MS,
  successAt: NOW + HOUR_MS,
} as const;

describe('the figures of a fleet', () => {
  it('count monitored engines by verdict', () => {
    const engines = [
      exampleEngine(),
      exampleEngine({ lastDbSuccessAt: NOW - 25 * HOUR_MS }),
      exampleEngine({ lastDbSuccessAt: null }),
      exampleEngine({ freshness: inFuture }),
      exampleEngine({ retiredAt: NOW }),
    ];
    expect(fleetFigures(exampleProduct({ engines })).engines).toEqual({
      fresh: 1,
      too_old: 1,
      no_full_backup: 1,
      unknown: 1,
    });
  });

  it('count an engine that cannot be judged as unknown', () => {
    const engines = [exampleEngine({ freshness: undefined })];
    expect(fleetFigures(exampleProduct({ engines })).engines).toEqual({ ...none, unknown: 1 });
  });

  it('have the oldest of the full backups whose age is known, of monitored engines', () => {
    const engines = [
      exampleEngine(),
      exampleEngine({ lastDbSuccessAt: NOW - 25 * HOUR_MS }),
      exampleEngine({ freshness: inFuture }),
      exampleEngine({ lastDbSuccessAt: NOW - 90 * HOUR_MS, retiredAt: NOW }),
    ];
    const { oldestFullBackupAt } = fleetFigures(exampleProduct({ engines }));
    expect(oldestFullBackupAt).toBe(NOW - 25 * HOUR_MS);
  });

  it('have no oldest full backup where no engine has one', () => {
    const engines = [exampleEngine({ lastDbSuccessAt: null })];
    expect(fleetFigures(exampleProduct({ engines })).oldestFullBackupAt).toBeNull();
  });

  it('count alerts by name, dismissed ones too, and those of none as 0', () => {
    const activeAlerts = [
      exampleAlert(),
      exampleAlert({ dismissedAt: NOW, dismissedBy: 'root' }),
      exampleStuckAlert(),
    ];
    expect(fleetFigures(exampleProduct({ activeAlerts })).alerts).toEqual({
      ENGINE_NO_FULL_BACKUP: 2,
      ENGINE_NO_WARM_BACKUP: 0,
      ENGINE_BACKUP_STUCK: 1,
    });
  });
});

describe('the next check', () => {
  const { settings, lastCheck } = exampleProduct();
  const invalid = { reason: 'x', path: 'x', expected: 'x', got: 'x' };
  const value = { checkPeriodHours: null, alertPeriodDays: 1, stuckAfterHours: 12 };

  it('is due a period after the last one, overdue or not', () => {
    expect(fleetFigures(exampleProduct()).nextCheckAt).toBe(NOW + 5 * HOUR_MS);
    const overdue = { ...lastCheck!, at: NOW - 9 * HOUR_MS };
    expect(fleetFigures(exampleProduct({ lastCheck: overdue })).nextCheckAt).toBe(
      NOW - 3 * HOUR_MS,
    );
  });

  it.each([
    ['before the first one', { lastCheck: null }],
    ['while checks are disabled', { settings: { ok: true, value } as const }],
    ['while a setting cannot be read', { settings: { ok: false, invalid } as const }],
    [
      'while the time is unknown',
      {
        settings,
        time: {
          isKnown: false,
          reason: 'clock_behind',
          clockAt: NOW,
          latestAt: NOW + HOUR_MS,
        } as const,
      },
    ],
  ])('is not known %s', (_, fields) => {
    expect(fleetFigures(exampleProduct(fields)).nextCheckAt).toBeNull();
  });
});

describe('a success', () => {
  const success = { fqdn: 'engine.example.com', scope: 'db' };

  it('is certain up to a minute in the future', () => {
    const fleet = exampleProduct();
    expect(isCertain({ ...success, at: NOW + 60_000 }, fleet)).toBe(true);
    expect(isCertain({ ...success, at: NOW + 60_001 }, fleet)).toBe(false);
  });
});
