import type { SqlRunner } from '@backup-awareness/database/connection';
import { DAY_MS } from '@backup-awareness/freshness';
import { readEngineRows } from '../state/engine-rows.js';
import {
  readEngineHistories,
  readEngineHistory,
  type HistoryBasis,
  type KnownHistory,
  type UnrecordedChange,
} from '../state/history/index.js';
import {
  pastSpan,
  periodsOf,
  previewNow,
  previewPast,
  type NowPreview,
  type PastRaises,
  type ProposedChange,
} from './preview.js';

/** What a change would do now, and would have done in the past. */
export interface ReadPreview extends NowPreview {
  /** Of the engine whose past is known longest. */
  readonly pastDays: number;
  /** How many engines have a past that is known for a shorter time than is compared. */
  readonly partlyKnown: number;
  /** Why so little of the past is known, if that is why. */
  readonly unrecordedChange: UnrecordedChange | null;
  readonly past: PastRaises;
}

/**
 * What a change of settings would do to all engines, or to one. Nothing is changed. The time must be known.
 *
 * @returns undefined for an unknown engine
 */
export async function readPreview(
  sql: SqlRunner,
  basis: HistoryBasis,
  change: ProposedChange,
  fqdn?: string,
): Promise<ReadPreview | undefined> {
  const rows = await readEngineRows(sql, fqdn === undefined ? 'every' : { fqdn });
  if (fqdn !== undefined && rows.length === 0) return undefined;
  const span = pastSpan(basis);
  const past: PastRaises[] = [];
  let partlyKnown = 0;
  let knownFrom = span.until;
  for await (const page of histories(sql, basis, change, fqdn))
    for (const known of page) {
      past.push(previewPast(known, basis, span, change));
      if ((known.knownSinceAt ?? 0) > span.from) partlyKnown++;
      knownFrom = Math.min(knownFrom, Math.max(span.from, known.knownSinceAt ?? 0));
    }
  return {
    ...previewNow(rows, basis, change),
    pastDays: Math.floor((span.until - knownFrom) / DAY_MS),
    partlyKnown,
    unrecordedChange: basis.unrecordedChange,
    past: {
      asItWas: past.reduce((all, { asItWas }) => all + asItWas, 0),
      withChange: past.reduce((all, { withChange }) => all + withChange, 0),
    },
  };
}

async function* histories(
  sql: SqlRunner,
  basis: HistoryBasis,
  change: ProposedChange,
  fqdn: string | undefined,
): AsyncGenerator<KnownHistory[]> {
  if (fqdn === undefined) {
    const withPeriodsDays = periodsOf(change);
    return yield* readEngineHistories(sql, basis, { span: pastSpan(basis), withPeriodsDays });
  }
  const known = await readEngineHistory(sql, basis, fqdn);
  if (known) yield [known];
}
