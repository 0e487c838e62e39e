import { coverShare } from './cover-share.js';

const span = (cover: 'covered' | 'uncovered' | 'unwatched', from: number, until: number) => ({
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
  cover,
});

test('the share is of monitored time only', () => {
  expect(
    coverShare([
      span('unwatched', 0, 600),
      span('covered', 600, 900),
      span('uncovered', 900, 1_000),
    ]),
  ).toBe(0.75);
});

test('where nothing is monitored, there is none', () => {
  expect(coverShare([])).toBeUndefined();
  expect(coverShare([span('unwatched', 0, 600)])).toBeUndefined();
});
