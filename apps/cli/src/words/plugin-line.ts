import type { Figure, OverviewState } from '@backup-awareness/overview/judgement';
import { visible } from '../output/visible-text.js';

/** The states that a monitoring system knows; its number is the plugin's exit code. */
export const PLUGIN_STATES = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;

/** What a plugin has to say. */
export interface PluginAnswer {
  readonly state: OverviewState;
  /** Every reason in words, the gravest first. */
  readonly reasons: readonly string[];
  readonly figures: readonly Figure[];
}

/** Where nothing could be looked at. */
export function unknownBecause(reason: string): PluginAnswer {
  return { state: 'UNKNOWN', reasons: [reason], figures: [] };
}

/** What a plugin prints: one line of text, a bar, and the figures as `name=value[unit];warn;crit;min`. */
export function pluginLine({ state, reasons, figures }: PluginAnswer): string {
  // The bar ends the text, wherever it stands.
  const text = visible(reasons.join('; ')).replaceAll('|', '/');
  const performance = figures.map(
    ({ name, value, unit = '', warnAbove = '', criticalAbove = '' }) =>
      `${name}=${value}${unit};${warnAbove};${criticalAbove};0`,
  );
  const line = `BACKUP ${state} - ${text}`;
  return performance.length > 0 ? `${line} | ${performance.join(' ')}` : line;
}
