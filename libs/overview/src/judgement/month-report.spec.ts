import { always, DAY_MS, HOUR_MS } from '@backup-awareness/freshness';
import type { HistoryBasis, KnownHistory } from '../state/history/index.js';
import { coveredPercent, isReportable, reportEngine, sumUp } from './month-report.js';

const START = Date.UTC(2026, 10, 1);
const span = { from: START, until: START + 10 * DAY_MS };
const basis: HistoryBasis = {
  now: span.until,
  time: { isKnown: true, now: span.until },
  lastCheckAt: null,
  settings: { checkPeriodMs: always(6 * HOUR_MS), alertPeriodDays: always(1) },
  knownSinceAt: null,
  unrecordedChange: null,
  reportsRemovedBefore: null,
};
const backup = (scope: 'db' | 'files', at: number) => ({ scope, countedAt: at, receivedAt: at });
const known = (fields: Partial<KnownHistory> = {}, history = {}): KnownHistory => ({
  history: {
    fqdn: 'engine.example.com',
    monitoring: always({ sinceAt: START - DAY_MS, isByReport: true }),
    ownPeriodDays: always(null),
    successes: [backup('db', START), backup('files', START), backup('db', START + DAY_MS)],
    ...history,
  },
  knownSinceAt: null,
  events: [],
  ...fields,
});
const figures = { alerts: 2, failedBackups: 3 };
const report = (one: KnownHistory) => reportEngine(one, basis, span, figures);

describe('the share that is covered', () => {
  it.each([
    ['is a hundred without a gap', 10, 0, 100],
    ['is none where no time counts', 0, 0, null],
    ['is cut, so that any gap takes it below a hundred', 31 * DAY_MS - 1, 1, 99.99],
    ['is below a hundred for the smallest gap of ten thousand engines', 2.7e13, 1, 99.99],
    ['is cut to hundredths', 2, 1, 66.66],
    ['is zero where nothing is covered', 0, 5, 0],
  ])('%s', (_, coveredMs, uncoveredMs, expected) => {
    expect(coveredPercent({ coveredMs, uncoveredMs })).toBe(expected);
  });
});

describe('the report of an engine', () => {
  it('counts the full backups that it received, and has the last one known at the end', () => {
    expect(report(known())).toMatchObject({
      backups: 1,
      lastFullBackupAt: START,
      alerts: 2,
      failedBackups: 3,
      coverage: { coveredMs: DAY_MS + 1, gaps: 1 },
    });
  });

  it('has no coverage where the beginning of the time is unknown', () => {
    expect(report(known({ knownSinceAt: START + 1 })).coverage).toBeUndefined();
    expect(report(known({ knownSinceAt: START })).coverage).toBeDefined();
  });

  it('is given where the engine was monitored at some time of the span', () => {
    const monitored = { sinceAt: START, isByReport: true };
    const since = (at: number) => ({ first: null, changes: [{ at, to: monitored }] });
    const until = (at: number) => ({ first: monitored, changes: [{ at, to: null }] });
    const isGiven = (monitoring: KnownHistory['history']['monitoring']) =>
      isReportable(known({}, { monitoring }), span);
    expect(isGiven(since(span.until - 1))).toBe(true);
    expect(isGiven(since(span.until))).toBe(false);
    expect(isGiven(until(span.from + 1))).toBe(true);
    expect(isGiven(until(span.from))).toBe(false);
  });
});

describe('all reports summed up', () => {
  it('add up, with the longest gap and the oldest last full backup', () => {
    const younger = { successes: [backup('db', START + DAY_MS), backup('files', START + DAY_MS)] };
    const total = sumUp([report(known()), report(known({}, younger))]);
    expect(total).toMatchObject({
      engines: 2,
      untold: 0,
      alerts: 4,
      failedBackups: 6,
      backups: 2,
      lastFullBackupAt: START,
      coverage: { coveredMs: 2 * (DAY_MS + 1), gaps: 3, longestGapMs: 9 * DAY_MS - 1 },
    });
  });

  it('leave out unknown coverage, and count its engines', () => {
    const total = sumUp([report(known()), report(known({ knownSinceAt: START + 1 }))]);
    expect(total).toMatchObject({ engines: 2, untold: 1, coverage: { gaps: 1 } });
  });

  it('have no last full backup where an engine has none, or there is no engine', () => {
    const without = report(known({}, { successes: [] }));
    expect(sumUp([report(known()), without]).lastFullBackupAt).toBeNull();
    expect(sumUp([without, report(known())]).lastFullBackupAt).toBeNull();
    expect(sumUp([]).lastFullBackupAt).toBeNull();
  });
});
