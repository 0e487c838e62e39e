import { Problem } from '../../api/problem.js';
import { asksForForce, hasNoPreview, typedFor, whatIsOff, type Preview } from './change.js';

const preview = (raises: number, others: number): Preview => ({
  raises: Array.from({ length: raises }, (_, index) => `e${index}.example.com`),
  clears: [],
  unchanged: others,
  past_days: 30,
  past_raises_now: 0,
  past_raises_then: 0,
  unrecorded_change: null,
});

test.each<[string, string, Preview, boolean, string | undefined]>([
  ['a tenth of the engines raised', '1', preview(1, 9), false, undefined],
  ['more than a tenth of them', '1', preview(2, 9), false, '2'],
  ['a thousand and more', '1', preview(1_200, 0), false, '1200'],
  ['nothing raised', '1', preview(0, 0), false, undefined],
  ['what no alert depends on', 'data', null, false, undefined],
  ['what switches something off', '-1', preview(0, 9), false, '-1'],
  ['what the API makes only by force', 'table', null, true, 'table'],
])('%s asks for what has to be typed', (_, value, shown, needsForce, text) => {
  expect(typedFor(value, shown, needsForce)?.text).toBe(text);
});

test('what is switched off is said', () => {
  expect(whatIsOff('BackupCheckPeriodInHours', '-1')).toContain('no engine is checked');
  expect(whatIsOff('BackupCheckPeriodInHours', '6')).toBeUndefined();
});

test('the answers of the API are told apart by their path', () => {
  const problem = (path: string) => new Problem(400, { path } as never);
  expect(hasNoPreview(problem('body.name'))).toBe(true);
  expect(hasNoPreview(problem('BackupAlertPeriodInDays'))).toBe(false);
  expect(asksForForce(problem('body.force'))).toBe(true);
});
