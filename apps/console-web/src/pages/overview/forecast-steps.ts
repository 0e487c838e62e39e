import type { Answer } from '../../api/use-answer.js';

type Forecast = Pick<Answer<'/forecast'>, 'now' | 'until' | 'by_hour'>;

/** How many engines are not fresh from an instant on. Instants in milliseconds. */
export interface Step {
  readonly at: number;
  readonly count: number;
}

const HOUR_MS = 3_600_000;

/** Steps from now on: those of an hour have turned by its end. @param notFresh engines that are not fresh now */
export function stepsOf({ now, until, by_hour: byHour }: Forecast, notFresh: number): Step[] {
  const end = Date.parse(until);
  let count = notFresh;
  return [
    { at: Date.parse(now), count },
    ...byHour.map(({ hour, count: turning }) => {
      count += turning;
      return { at: Math.min(end, Date.parse(hour) + HOUR_MS), count };
    }),
    { at: end, count },
  ];
}

/** The hour in which most engines turn, the first of several; undefined if none turns. */
export function steepestOf({ by_hour: byHour }: Forecast): Forecast['by_hour'][number] | undefined {
  return byHour.toSorted((a, b) => b.count - a.count)[0];
}

/** A line of steps as an SVG path, from left to right. Lengths in pixels. */
export function stepLine(steps: readonly Step[], width: number, height: number): string {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const most = Math.max(1, last.count);
  const x = (at: number) => ((at - first.at) / Math.max(1, last.at - first.at)) * width;
  const y = (count: number) => height - (count / most) * height;
  const rest = steps.slice(1).map(({ at, count }) => `H${round(x(at))}V${round(y(count))}`);
  return `M0,${round(y(first.count))}${rest.join('')}`;
}

const round = (value: number) => Math.round(value * 10) / 10;
