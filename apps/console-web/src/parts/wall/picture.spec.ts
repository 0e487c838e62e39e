import { pictureOf } from './picture.js';

test.each([
  [301, 1_100, 330],
  [3_000, 1_100, 330],
  [10_000, 1_100, 330],
  [1_000, 340, 330],
])(
  '%d engines in %d pixels stay within %d of height, in cells as large as that allows',
  (count, width, height) => {
    const { size, columns, rows } = pictureOf(count, width, height);
    expect(columns * size).toBeLessThanOrEqual(width);
    expect(columns * rows).toBeGreaterThanOrEqual(count);
    expect(rows * size).toBeLessThanOrEqual(height);
    const larger = Math.floor(width / (size + 1));
    expect(Math.ceil(count / larger) * (size + 1) > height || size === 24).toBe(true);
  },
);

test('on a phone ten thousand are still cells that can be seen, in a higher picture', () => {
  const { size, columns, rows } = pictureOf(10_000, 340, 330);
  expect(size).toBe(5);
  expect(rows).toBe(Math.ceil(10_000 / columns));
});

test('no engine needs no row', () => {
  expect(pictureOf(0, 1_100, 330).rows).toBe(0);
});
