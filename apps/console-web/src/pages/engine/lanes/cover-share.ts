import type { CoverSpan } from './band.js';

/** Which part of the monitored time is covered, from 0 to 1; undefined where none is monitored. */
export function coverShare(spans: readonly CoverSpan[]): number | undefined {
  const sum = (cover: CoverSpan['cover']) =>
    spans
      .filter((span) => span.cover === cover)
      .reduce((total, { from, until }) => total + Date.parse(until) - Date.parse(from), 0);
  const covered = sum('covered');
  const monitored = covered + sum('uncovered');
  return monitored === 0 ? undefined : covered / monitored;
}
