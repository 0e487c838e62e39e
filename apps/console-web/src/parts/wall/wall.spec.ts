import { cellAt, filling, moved } from './wall.js';

test('a fresh engine is filled by its age; one that is not is full', () => {
  expect(filling(['a', 'fresh', 0.25])).toBe(0.25);
  expect(filling(['a', 'stuck', 0.5])).toBe(0.5);
  expect(filling(['a', 'too_old', 1.2])).toBe(1);
  expect(filling(['a', 'no_full_backup', null])).toBe(1);
  expect(filling(['a', 'unknown', null])).toBe(1);
});

test.each([
  ['ArrowRight', 4, 5],
  ['ArrowLeft', 4, 3],
  ['ArrowDown', 4, 7],
  ['ArrowUp', 4, 1],
  ['Home', 4, 0],
  ['End', 4, 9],
])('%s leads from %d to %d in rows of three', (key, from, to) => {
  expect(moved(key, from, { count: 10, columns: 3 })).toBe(to);
});

test('beyond an edge it stays, and other keys are for others', () => {
  expect(moved('ArrowUp', 1, { count: 10, columns: 3 })).toBe(1);
  expect(moved('ArrowDown', 8, { count: 10, columns: 3 })).toBe(8);
  expect(moved('ArrowRight', 9, { count: 10, columns: 3 })).toBe(9);
  expect(moved('constructor', 4, { count: 10, columns: 3 })).toBeUndefined();
});

test('a point of the picture is that of one engine, or of none', () => {
  const picture = { size: 6, columns: 3, count: 5 };
  expect(cellAt({ x: 0, y: 0 }, picture)).toBe(0);
  expect(cellAt({ x: 17, y: 5 }, picture)).toBe(2);
  expect(cellAt({ x: 6, y: 6 }, picture)).toBe(4);
  expect(cellAt({ x: 12, y: 6 }, picture)).toBeUndefined();
  expect(cellAt({ x: 18, y: 0 }, picture)).toBeUndefined();
  expect(cellAt({ x: -1, y: 0 }, picture)).toBeUndefined();
});
