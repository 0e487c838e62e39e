import type { components } from '../../api/schema.js';
import { formatDuration } from '../../time/format.js';
import { words } from '../../words/words.js';

type Figures = Pick<components['schemas']['MonthTotal'], 'covered_percent' | 'covered_seconds'>;

const { reports: said } = words;
const HOUR_MS = 3_600_000;

/** Cut to hundredths, as the API has it: 99.999 % is never said to be all. */
export function coveredText({
  covered_percent: percent,
  covered_seconds: seconds,
}: Figures): string {
  if (percent !== null) return `${percent}%`;
  return seconds === null ? said.unknown : said.none;
}

export function hoursText(hours: number | null): string {
  if (hours === null) return said.unknown;
  if (hours === 0) return said.none;
  // A fraction of whole milliseconds.
  const ms = Math.round(hours * HOUR_MS);
  return ms < 1_000 ? said.underASecond : formatDuration(ms);
}
