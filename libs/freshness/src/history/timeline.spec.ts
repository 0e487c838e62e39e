import { always, valueAt } from './timeline.js';

const timeline = {
  first: 'a',
  changes: [
    { at: 10, to: 'b' },
    { at: 20, to: 'c' },
    { at: 20, to: 'd' },
  ],
};

test.each([
  [9, { value: 'a', changedAt: null }],
  [10, { value: 'b', changedAt: 10 }],
  [19, { value: 'b', changedAt: 10 }],
  [20, { value: 'd', changedAt: 20 }],
])('at %i it is %j', (at, expected) => {
  expect(valueAt(timeline, at)).toEqual(expected);
});

test('what never changes holds from the beginning', () => {
  expect(valueAt(always(7), 0)).toEqual({ value: 7, changedAt: null });
});
