import { countedAt } from './counted-at.js';
import type { Happening, Received } from './timeline.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A setting: its value, and when it got that value. */
export interface Changed {
  readonly ms: number;
  readonly at: number | null;
}

/** The general alert period, read from the beginning of the history. */
export function generalPeriod(past: readonly Happening[]): Changed {
  let period: Changed = { ms: DAY_MS, at: null };
  for (const { step, at } of past)
    if (step.what === 'alert period' && step.ms !== period.ms) period = { ms: step.ms, at };
  return period;
}

/** What a history says about one engine. */
export interface Biography {
  readonly watchedSince: number;
  readonly isRetired: boolean;
  readonly ownPeriod: { readonly ms: number | null; readonly at: number | null };
  /** The last step in which an administrator changed it or asked for its decision, as an index in the history; -1 for none. */
  readonly lastActIndex: number;
}

export function biography(past: readonly Happening[], engine: number): Biography | undefined {
  let life: Biography | undefined;
  past.forEach(({ step, at, received }, index) => {
    if (!life && received.some((report) => report.engine === engine)) life = bornAt(at);
    if (!('engine' in step) || step.engine !== engine) return;
    if (step.what === 'added') {
      const before = life && !life.isRetired ? life : undefined;
      const ownPeriod = life?.ownPeriod ?? { ms: null, at: null };
      const isAnother = step.ms !== null && step.ms !== ownPeriod.ms;
      const again = { ...bornAt(at), ownPeriod: isAnother ? { ms: step.ms, at } : ownPeriod };
      life = { ...(before ?? again), lastActIndex: index };
    }
    if (!life) return;
    if (step.what === 'retired' && !life.isRetired)
      life = { ...life, isRetired: true, lastActIndex: index };
    if (step.what === 'own alert period' && step.ms !== life.ownPeriod.ms)
      life = { ...life, ownPeriod: { ms: step.ms, at }, lastActIndex: index };
  });
  return life;
}

function bornAt(at: number): Biography {
  return {
    watchedSince: at,
    isRetired: false,
    ownPeriod: { ms: null, at: null },
    lastActIndex: -1,
  };
}

/** A success in the log, with its index in the history. */
export interface StoredSuccess {
  readonly report: Received;
  readonly index: number;
  readonly countedAt: number;
}

/** All successes that were received and not removed, including discounted ones. */
export function storedSuccesses(past: readonly Happening[], engine: number): StoredSuccess[] {
  const forgotten = past.findLastIndex(
    ({ step }) => step.what === 'forgotten' && step.engine === engine,
  );
  // Reports that ingest received in the same step as the removal came before it.
  const ids = new Set<string>();
  const stored: StoredSuccess[] = [];
  past.forEach(({ received }, index) => {
    if (index <= forgotten) return;
    for (const report of received) {
      if (report.engine !== engine || ids.has(report.id)) continue;
      ids.add(report.id);
      if (report.status === 1) stored.push({ report, index, countedAt: countedAt(report) });
    }
  });
  return stored;
}
