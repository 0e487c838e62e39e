import type { EngineReport } from '@backup-awareness/overview/judgement';
import { DAY_MS, HOUR_MS } from '../spec/example-alert.js';
import { coverageSection } from './month-coverage.js';

const SPAN = { from: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 11, 1) };

const engine = (
  fqdn: string,
  uncoveredMs = 0,
  fields: Partial<EngineReport> = {},
): EngineReport => ({
  fqdn,
  alerts: 0,
  failedBackups: 0,
  coverage: {
    coveredMs: 30 * DAY_MS - uncoveredMs,
    uncoveredMs,
    unwatchedMs: 0,
    gaps: uncoveredMs > 0 ? 1 : 0,
    longestGapMs: uncoveredMs,
  },
  knownSinceAt: null,
  backups: 30,
  dismissals: [],
  lastFullBackupAt: null,
  ...fields,
});
const section = (engines: readonly EngineReport[], isOver = true) =>
  coverageSection({ month: '2026-11', span: SPAN, isOver, engines });
const texts = (...parameters: Parameters<typeof section>) =>
  section(...parameters).items.map(({ text }) => text);

describe('the coverage in a digest', () => {
  it('says that all is well in few words', () => {
    expect(section([engine('a'), engine('b')]).title).toBe('Coverage in November 2026 (UTC)');
    expect(texts([engine('a'), engine('b')])).toEqual([
      '100 % covered, no gaps',
      '60 full backups, 0 failed runs, 0 alerts, 0 dismissed',
    ]);
  });

  it('names the engines with gaps, the worst first', () => {
    const engines = [engine('a', HOUR_MS), engine('b', 3 * DAY_MS), engine('c')];
    expect(section(engines, false).title).toBe('Coverage in November 2026 so far (UTC)');
    expect(texts(engines).slice(0, 3)).toEqual([
      '96.62 % covered, 2 gaps, the longest 3 d',
      'b: 90 % covered, 1 gap, the longest 3 d',
      'a: 99.86 % covered, 1 gap, the longest 1 h',
    ]);
  });

  it('stays short with ten thousand engines, and says how to see all', () => {
    const engines = Array.from({ length: 10_000 }, (_, i) => engine(`engine-${i}`, DAY_MS));
    expect(texts(engines)).toHaveLength(13);
    expect(texts(engines)).toContain(
      '9990 more engines with gaps: backup-awareness report --month 2026-11 shows all',
    );
  });

  it('says how many engines it knows nothing of', () => {
    expect(texts([engine('a'), engine('b', 0, { coverage: undefined })])).toContain(
      'Unknown for 1 of 2 engines: what is needed for it is no longer kept',
    );
    expect(texts([])[0]).toBe('no time was monitored');
  });
});
