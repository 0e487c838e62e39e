import { forecastTurn, type FreshnessAlert } from '@backup-awareness/freshness';
import type { EngineSituation } from '../state/engine-situations.js';
import type { ProductState } from '../state/product-state.js';
import type { Explanation } from './explain-decision.js';
import { comingChecks } from './forecast.js';

export type FullBackupScope = 'db' | 'files';

/** What happens to an engine if nothing more arrives, and what prevents it. Instants are whole milliseconds since 1970. */
export interface WhatComesNext {
  /**
   * It turns too old; its alert is raised, is cleared, or stays; nothing, since it is not monitored or the feature is off; or nobody
   * knows.
   */
  readonly kind:
    | 'turns_too_old'
    | 'alert_is_raised'
    | 'alert_is_cleared'
    | 'alert_stays'
    | 'nothing'
    | 'unknown';
  /** Until when, inclusive, it is fresh; null unless it is. */
  readonly freshUntilAt: number | null;
  /** The check that raises the alert; null if none does, if the next second does, or if no checker runs. */
  readonly checkAt: number | null;
  /** The alert that is raised, cleared or stays. */
  readonly alert: FreshnessAlert | null;
  /** A success of each of these keeps it fresh for longer, or makes it fresh. */
  readonly neededScopes: readonly FullBackupScope[];
}

const NOTHING = { freshUntilAt: null, checkAt: null, alert: null, neededScopes: [] } as const;

/** How far ahead an engine is looked at, as a limit of the search: longer than any alert period. */
const AHEAD_MS = 20 * 366 * 86_400_000;

/** @param explanation the present decision about the engine */
export function whatComesNext(
  { facts, freshness, state }: EngineSituation,
  product: ProductState,
  explanation: Explanation | undefined,
): WhatComesNext {
  const { now, settings } = product;
  if (!explanation || explanation.kind === 'clock_behind' || !settings.ok || !facts || !freshness)
    return { ...NOTHING, kind: 'unknown' };
  if (explanation.parameters.outcome === 'cleared')
    return { ...NOTHING, kind: 'alert_is_cleared', alert: state.active?.alert ?? null };
  if (facts.retired || settings.value.checkPeriodHours === null)
    return { ...NOTHING, kind: 'nothing' };
  if (freshness.verdict === 'unknown') return { ...NOTHING, kind: 'unknown' };
  if (freshness.verdict === 'fresh') {
    const checks = comingChecks(product, settings.value.checkPeriodHours);
    const turn = forecastTurn(facts, { from: now, until: now + AHEAD_MS }, checks);
    if (!turn) return { ...NOTHING, kind: 'unknown' };
    return {
      kind: 'turns_too_old',
      freshUntilAt: turn.turnsAt,
      checkAt: turn.checkAt,
      alert: 'ENGINE_NO_WARM_BACKUP',
      neededScopes: scopesUntil(facts, turn.lastFullBackupAt),
    };
  }
  const alert = freshness.verdict === 'too_old' ? 'ENGINE_NO_WARM_BACKUP' : 'ENGINE_NO_FULL_BACKUP';
  return {
    ...NOTHING,
    kind: explanation.parameters.outcome === 'unchanged' ? 'alert_stays' : 'alert_is_raised',
    checkAt:
      explanation.parameters.effect === 'next_check' ? explanation.instants.nextCheckAt : null,
    alert,
    neededScopes: scopesUntil(facts, now - facts.alertPeriodMs - 1),
  };
}

/** Of what a full backup consists of, that which has no success after an instant. */
function scopesUntil(
  facts: Pick<NonNullable<EngineSituation['facts']>, 'lastDbSuccessAt' | 'lastFilesSuccessAt'>,
  at: number,
): FullBackupScope[] {
  const last = { db: facts.lastDbSuccessAt, files: facts.lastFilesSuccessAt };
  return (['db', 'files'] as const).filter((scope) => (last[scope] ?? -Infinity) <= at);
}
