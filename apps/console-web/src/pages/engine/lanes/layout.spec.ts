import type { ListedReport } from '../use-engine-reports.js';
import { dayTicks, layLanes, markByKey, placeOf } from './layout.js';

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2026, 10, 1);
const SPAN = { from: FROM, until: FROM + 100 * HOUR_MS };
const at = (hours: number) => new Date(FROM + hours * HOUR_MS).toISOString();

function report(hours: number, changes: Partial<ListedReport> = {}): ListedReport {
  return {
    event_id: `at ${hours}`,
    run_id: null,
    scope: 'db',
    status: 'completed',
    started_at: null,
    finished_at: at(hours),
    duration_seconds: null,
    done_at: at(hours),
    received_at: at(hours),
    counted_at: at(hours),
    counted_by: 'done_at',
    reported_by: null,
    log_path: '',
    output_message: '',
    ...changes,
  };
}

test('db and files have a lane even without reports; others follow by name', () => {
  const lanes = layLanes(
    [report(1, { scope: 'dwhdb' }), report(2, { scope: 'cinderlib' })],
    SPAN,
    1_000,
  );
  expect(lanes.map(({ scope }) => scope)).toEqual(['db', 'files', 'cinderlib', 'dwhdb']);
});

test('a report is where it happened, with a bar as long as its run', () => {
  const [lane] = layLanes([report(50, { started_at: at(45) })], SPAN, 1_000);
  expect(lane!.marks).toMatchObject([{ x: 500, width: 50, outcome: 'completed' }]);
});

test('a start is shown only while no end is known', () => {
  const ended = report(10, { status: 'started' });
  const open = report(20, { status: 'started', finished_at: null });
  const [lane] = layLanes([ended, open], SPAN, 1_000);
  expect(lane!.marks.map(({ id }) => id)).toEqual(['at 20']);
});

test('reports too near to be told apart are one mark, as bad as the worst', () => {
  const [lane] = layLanes(
    [report(10), report(10.2, { status: 'failed' }), report(90)],
    SPAN,
    1_000,
  );
  expect(lane!.marks).toMatchObject([{ outcome: 'failed' }, { outcome: 'completed' }]);
  expect(lane!.marks[0]!.reports).toHaveLength(2);
});

test('what is outside is kept at the edge', () => {
  expect(placeOf(at(-5), SPAN, 100)).toBe(0);
  expect(placeOf(at(105), SPAN, 100)).toBe(100);
});

test('keys move along a lane and to the nearest mark of the next', () => {
  const reports = [10, 50, 90].flatMap((hours) => [
    report(hours),
    report(hours + 3, { scope: 'dwhdb', event_id: `dwhdb ${hours}` }),
  ]);
  const lanes = layLanes(reports, SPAN, 1_000);
  const from = (id: string, key: string) => markByKey(lanes, id, key);
  expect(from('at 50', 'ArrowRight')).toBe('at 90');
  expect(from('at 90', 'ArrowRight')).toBe('at 90');
  expect(from('at 50', 'ArrowLeft')).toBe('at 10');
  expect(from('at 50', 'Home')).toBe('at 10');
  expect(from('at 50', 'End')).toBe('at 90');
  expect(from('at 50', 'ArrowDown')).toBe('dwhdb 50');
  expect(from('dwhdb 90', 'ArrowUp')).toBe('at 90');
  expect(from('at 50', 'ArrowUp')).toBe('at 50');
  expect(from('at 50', 'x')).toBeUndefined();
});

test('days are marked as densely as there is room', () => {
  const quarter = { from: FROM, until: FROM + 90 * 24 * HOUR_MS };
  for (const most of [4, 8, 13]) {
    const ticks = dayTicks(quarter, most);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(most);
    for (const tick of ticks) expect(new Date(tick).getHours()).toBe(0);
  }
});
