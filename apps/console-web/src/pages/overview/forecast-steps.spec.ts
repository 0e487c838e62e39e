import { steepestOf, stepLine, stepsOf } from './forecast-steps.js';

const forecast = (byHour: readonly [hour: string, count: number][]) => ({
  now: '2026-11-29T10:30:00.000Z',
  until: '2026-12-01T10:30:00.000Z',
  by_hour: byHour.map(([hour, count]) => ({ hour: `2026-11-${hour}:00:00.000Z`, count })),
});
const at = (instant: string) => Date.parse(`2026-${instant}:00.000Z`);

test('engines that turn are added to those that are not fresh now, by the end of their hour', () => {
  const cliff = forecast([
    ['29T12', 2],
    ['30T05', 40],
  ]);
  expect(stepsOf(cliff, 3)).toEqual([
    { at: at('11-29T10:30'), count: 3 },
    { at: at('11-29T13:00'), count: 5 },
    { at: at('11-30T06:00'), count: 45 },
    { at: at('12-01T10:30'), count: 45 },
  ]);
  expect(steepestOf(cliff)).toEqual({ hour: '2026-11-30T05:00:00.000Z', count: 40 });
});

test('no step is later than the end', () => {
  const last = [{ hour: '2026-12-01T10:00:00.000Z', count: 1 }];
  const steps = stepsOf({ ...forecast([]), by_hour: last }, 0);
  expect(steps.map((step) => step.at)).toEqual([
    at('11-29T10:30'),
    at('12-01T10:30'),
    at('12-01T10:30'),
  ]);
});

test('where none turns the line is flat', () => {
  expect(steepestOf(forecast([]))).toBeUndefined();
  expect(stepLine(stepsOf(forecast([]), 0), 200, 100)).toBe('M0,100H200V100');
});

test('the line goes up in steps to the top', () => {
  const steps = [
    { at: 0, count: 1 },
    { at: 50, count: 2 },
    { at: 100, count: 4 },
  ];
  expect(stepLine(steps, 200, 100)).toBe('M0,75H100V50H200V0');
});
