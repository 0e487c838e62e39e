import type { Answer } from '../api/use-answer.js';

/** How all engines stand, in one word: the first thing that the page says. */
export interface Headline {
  readonly kind: 'safe' | 'risk' | 'unknown' | 'none';
  /** Engines that are not fresh. */
  readonly atRisk: number;
}

/** @param overview undefined: not known, or not known any more. Never "safe" where trust is broken. */
export function headlineOf(overview: Answer<'/overview'> | undefined): Headline {
  if (!overview) return { kind: 'unknown', atRisk: 0 };
  const { trust, counts } = overview;
  const atRisk = counts.too_old + counts.no_full_backup;
  if (!trust.known || counts.unknown > 0) return { kind: 'unknown', atRisk };
  if (counts.watched === 0) return { kind: 'none', atRisk: 0 };
  return { kind: atRisk > 0 ? 'risk' : 'safe', atRisk };
}
