import type { Answer } from '../../api/use-answer.js';
import type { Cell, Standing } from '../../parts/wall/wall.js';
import type { Verdict } from '../../parts/verdict-label.js';
import type { Filter } from './filter.js';

export type Item = Answer<'/engines'>['items'][number];

const DAY_SECONDS = 86_400;
/** The wall's shares are rounded. */
const ROUNDING = 0.002;

/** How each engine stands now, whatever the list says. */
export type Present = ReadonlyMap<string, Cell>;

export function presentOf(cells: readonly Cell[] | undefined): Present | undefined {
  return cells && new Map(cells.map((cell) => [cell[0], cell]));
}

/** The age as a share of what is allowed when the list was fetched; null without a full backup. */
export function shareOf({ age_seconds: age, alert_period_days: days }: Item): number | null {
  return age === null || days === null ? null : age / (days * DAY_SECONDS);
}

/** The age of a full backup as a share of what is allowed, to the hundredth as it is shown. @param now in milliseconds */
export function shareAt(now: number, last: string, days: number): number {
  const share = Math.max(0, now - Date.parse(last)) / (days * DAY_SECONDS * 1_000);
  return Math.round(share * 100) / 100;
}

/** The verdict on a listed engine as it is now: a list keeps its order, but a verdict must never be one of before. */
export function verdictNow(item: Item, present: Present | undefined): Verdict {
  if (!present || item.verdict === 'retired') return item.verdict;
  const cell = present.get(item.fqdn);
  return cell ? verdictOf(cell[1]) : 'retired';
}

/** Whether a listed engine is another now: its verdict, or it has a later full backup. */
export function hasChanged(item: Item, present: Present | undefined): boolean {
  if (!present || item.verdict === 'retired') return false;
  if (verdictNow(item, present) !== item.verdict) return true;
  const share = present.get(item.fqdn)?.[2] ?? null;
  const before = shareOf(item);
  return (share === null) !== (before === null) || (share ?? 0) < (before ?? 0) - ROUNDING;
}

/** How many engines a new list would show otherwise. @param total of the list, also of what is not fetched yet */
export function countChanges(
  items: readonly Item[],
  total: number,
  present: Present | undefined,
  filter: Filter,
): number {
  if (!present || filter.verdict === 'retired') return 0;
  const changed = items.filter((item) => hasChanged(item, present)).length;
  // Ages change by themselves, and so does the number of engines in a filter by age.
  if (filter.shareFrom !== undefined || filter.shareBelow !== undefined) return changed;
  const now = [...present.values()].filter((cell) => isListed(cell, filter)).length;
  return changed + Math.max(0, now - total);
}

function isListed([fqdn, standing]: Cell, { search, verdict }: Filter): boolean {
  return (
    fqdn.includes(search.trim().toLowerCase()) &&
    (verdict === undefined || verdictOf(standing) === verdict)
  );
}

function verdictOf(standing: Standing): Verdict {
  return standing === 'stuck' ? 'fresh' : standing;
}
