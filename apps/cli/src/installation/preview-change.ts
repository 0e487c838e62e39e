import type { SqlRunner } from '@backup-awareness/database/connection';
import type { Preview } from '@backup-awareness/overview/documents';
import {
  pastSpan,
  periodsOf,
  previewNow,
  previewPast,
  type PastRaises,
  type ProposedChange,
} from '@backup-awareness/overview/judgement';
import {
  readEngineHistories,
  readEngineHistory,
  readEngineRows,
  type HistoryBasis,
  type KnownHistory,
} from '@backup-awareness/overview/state';
import { unknownEngine } from '../words/unknown-engine.js';
import { databaseToRead, findInstallation } from './find-installation.js';
import { requireKnownTime } from './known-time.js';
import { readHistory } from './read-history.js';

const DAY_MS = 86_400_000;

/**
 * What a change of settings would do to all engines, or to one. Nothing is changed.
 *
 * @throws WrongUse for an unknown engine
 */
export async function previewChange(
  environment: NodeJS.ProcessEnv,
  change: ProposedChange,
  fqdn?: string,
): Promise<Preview> {
  const url = databaseToRead(findInstallation(environment));
  return readHistory(url, async (sql, basis) => {
    requireKnownTime(basis);
    const rows = await readEngineRows(sql, fqdn === undefined ? 'every' : { fqdn });
    if (fqdn !== undefined && rows.length === 0) throw await unknownEngine(sql, fqdn);
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
      past: {
        asItWas: past.reduce((all, { asItWas }) => all + asItWas, 0),
        withChange: past.reduce((all, { withChange }) => all + withChange, 0),
      },
    };
  });
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
