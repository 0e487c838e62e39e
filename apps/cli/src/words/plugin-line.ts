import type { Figure, OverviewState } from '@backup-awareness/overview/judgement';
import { visible } from '@backup-awareness/overview/words';

/** The exit code of a monitoring plugin for each state. */
export const PLUGIN_STATES = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;

/** The answer of a monitoring plugin. */
export interface PluginAnswer {
  readonly state: OverviewState;
  /** Every reason in words, the most severe first. */
  readonly reasons: readonly string[];
  readonly figures: readonly Figure[];
}

/** The answer if nothing could be read. */
export function unknownBecause(reason: string): PluginAnswer {
  return { state: 'UNKNOWN', reasons: [reason], figures: [] };
}

/** The output of a plugin: one line of text, a bar, and the figures as `name=value[unit];warn;crit;min`. */
export function pluginLine({ state, reasons, figures }: PluginAnswer): string {
  // A bar anywhere would end the text.
  const text = visible(reasons.join('; ')).replaceAll('|', '/');
  const performance = figures.map(
    ({ name, value, unit = '', warnAbove = '', criticalAbove = '' }) =>
      `${name}=${value}${unit};${warnAbove};${criticalAbove};0`,
  );
  const line = `BACKUP ${state} - ${text}`;
  return performance.length > 0 ? `${line} | ${performance.join(' ')}` : line;
}
