import type { Answer } from '../../api/use-answer.js';

export type Bar = Answer<'/overview'>['age_histogram'][number];

export interface DrawnBar extends Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Beyond what is allowed. */
  readonly isOver: boolean;
}

const GAP = 2;
/** So that one engine among ten thousand is seen. */
const LOWEST = 3;

/** Bars side by side in so many pixels; a bar with engines is never too low to be seen. */
export function drawBars(bars: readonly Bar[], width: number, height: number): DrawnBar[] {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const step = width / Math.max(1, bars.length);
  return bars.map((bar, index) => {
    const tall = bar.count === 0 ? 0 : Math.max(LOWEST, (bar.count / most) * height);
    return {
      ...bar,
      x: index * step,
      y: height - tall,
      width: Math.max(1, step - GAP),
      height: tall,
      isOver: bar.from >= 1,
    };
  });
}

/** The list of engines that a bar counts. */
export function barPath({ from, to }: Pick<Bar, 'from' | 'to'>): string {
  const query = new URLSearchParams({ share_from: String(from) });
  if (to !== null) query.set('share_below', String(to));
  return `/engines?${query}`;
}
