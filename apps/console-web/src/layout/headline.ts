import type { Answer } from '../api/use-answer.js';

/** How all engines stand, in one word: the first thing that the page says. */
export interface Headline {
  readonly kind: 'safe' | 'risk' | 'unknown' | 'none';
  /** Engines that are not fresh. */
  readonly atRisk: number;
}

/**
 * @param overview undefined: not known
 * @param isInDoubt whether it is not to be believed; it is then never "safe"
 */
export function headlineOf(
  overview: Answer<'/overview'> | undefined,
  isInDoubt: boolean,
): Headline {
  if (!overview) return { kind: 'unknown', atRisk: 0 };
  const { trust, counts } = overview;
  const atRisk = counts.too_old + counts.no_full_backup;
  if (isInDoubt || !trust.known || counts.unknown > 0) return { kind: 'unknown', atRisk };
  if (counts.watched === 0) return { kind: 'none', atRisk: 0 };
  return { kind: atRisk > 0 ? 'risk' : 'safe', atRisk };
}
