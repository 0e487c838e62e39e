import { decideEngine, type Decision } from '@backup-awareness/freshness';
import { Logger } from '@nestjs/common';
import { v7 } from 'uuid';
import type { EngineRow } from './engine-row.js';

export interface Decided {
  readonly engine: EngineRow;
  readonly decision: Decision;
}

export interface Circumstances {
  readonly now: number;
  readonly featureEnabled: boolean;
  /** In a check, or after a change of settings, every engine may get an alert; else only one that an administrator has changed. */
  readonly isCheckOfAll: boolean;
  readonly mayClear: boolean;
}

const log = new Logger('decisions');

/** Decides each engine. One whose facts cannot be read keeps its alert as it is, and does not keep the others from being decided. */
export function decideEngines(
  engines: readonly EngineRow[],
  { now, featureEnabled, isCheckOfAll, mayClear }: Circumstances,
): Decided[] {
  return engines.flatMap((engine) => {
    try {
      const mayRaise = isCheckOfAll || engine.isChanged;
      const circumstances = { now, featureEnabled, mayRaise, mayClear, newAlertId: v7 };
      return [{ engine, decision: decideEngine(engine.state, engine.facts, circumstances) }];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      log.error(`${engine.facts.fqdn} cannot be decided: ${error.message}`);
      return [];
    }
  });
}
