import { barPath, drawBars } from './histogram.js';

const bar = (from: number, count: number, to: number | null = from + 0.5) => ({ from, to, count });

test('the highest bar has all the height, one engine among very many is still seen, none is nothing', () => {
  const bars = drawBars([bar(0, 10_000), bar(0.5, 1), bar(1, 0, null)], 300, 100);
  expect(bars.map(({ height, y }) => [height, y])).toEqual([
    [100, 0],
    [3, 97],
    [0, 100],
  ]);
  expect(bars.map(({ x }) => x)).toEqual([0, 100, 200]);
  expect(bars.map(({ isOver }) => isOver)).toEqual([false, false, true]);
});

test('no engine draws nothing', () => {
  expect(drawBars([bar(0, 0)], 300, 100)[0]!.height).toBe(0);
});

test('a bar leads to its engines, the last one to all that are older', () => {
  expect(barPath({ from: 0.9, to: 1 })).toBe('/engines?share_from=0.9&share_below=1');
  expect(barPath({ from: 1.9, to: null })).toBe('/engines?share_from=1.9');
});
