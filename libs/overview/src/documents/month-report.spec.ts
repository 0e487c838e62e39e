import { always, DAY_MS, HOUR_MS } from '@backup-awareness/freshness';
import { reportEngine } from '../judgement/month-report.js';
import { COLUMNS, reportRows } from '../month-page/report-cells.js';
import { monthReportDocument } from './month-report.js';

const from = Date.UTC(2026, 10, 1);
const span = { from, until: from + DAY_MS };
const settings = { checkPeriodMs: always(6 * HOUR_MS), alertPeriodDays: always(1) };

/** The report of an engine whose first full backup became known so long after its monitoring began. */
function reportOf(uncoveredMs: number) {
  const at = from + uncoveredMs;
  const success = (scope: 'db' | 'files') => ({ scope, countedAt: at, receivedAt: at });
  const engine = reportEngine(
    {
      history: {
        fqdn: 'engine.example.com',
        monitoring: always({ sinceAt: from, isByReport: true }),
        ownPeriodDays: always(null),
        successes: [success('db'), success('files')],
      },
      knownSinceAt: null,
      events: [],
    },
    {
      now: span.until,
      time: { isKnown: true, now: span.until },
      lastCheckAt: null,
      settings,
      knownSinceAt: null,
      unrecordedChange: null,
      reportsRemovedBefore: null,
    },
    span,
    { alerts: 0, failedBackups: 0 },
  );
  return monthReportDocument({ month: '2026-11', span, isOver: true, engines: [engine] });
}

test.each([
  ['between the two scopes of a first backup', 32, 'less than a second'],
  ['of some seconds', 36_500, '36 s'],
  ['of an odd number of milliseconds', 3 * HOUR_MS + 90_001, '3 h 1 min'],
])('a gap %s is told exactly in hours, and in words', (_, ms, inWords) => {
  const document = reportOf(ms);
  const [engine] = document.engines;
  expect(engine!.longest_gap_hours! * HOUR_MS).toBeCloseTo(ms, 3);
  expect(engine!.longest_gap_hours! * 3_600).toBeCloseTo(engine!.uncovered_seconds!, 6);
  expect(engine!.gaps).toBe(1);
  const [row] = reportRows(document);
  expect(row![COLUMNS.indexOf('Longest gap')]).toBe(inWords);
});

test('without a gap the longest one is none', () => {
  const [row] = reportRows(reportOf(0));
  expect(row![COLUMNS.indexOf('Longest gap')]).toBe('0 h');
  expect(row![COLUMNS.indexOf('Not monitored')]).toBe('0 h');
});
