import { NO_ALERT_YET } from '../alert-state.js';
import { decideEngine } from '../decide-engine.js';
import { firstCheckFrom } from './check-schedule.js';
import type { EngineHistory, SettingsHistory, TimeSpan } from './engine-history.js';
import { standingsOf, type StandingSpan } from './standings.js';
import { valueAt } from './timeline.js';

/**
 * How many alerts a history raises after the beginning of a span and before its end. A check is made every period, before and after one
 * of `checkAt`; changes of settings, and an administrator's changes of the engine, are decided at once. An alert that is due at the
 * beginning of the span counts as raised before it.
 *
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function countRaises(
  engine: EngineHistory,
  settings: SettingsHistory,
  span: TimeSpan,
  checkAt: number,
): number {
  const atOnce = decidedAtOnce(engine, settings);
  let state = NO_ALERT_YET;
  let raises = 0;
  const decide = ({ situation }: StandingSpan, now: number, mayRaise: boolean): void => {
    const { facts, featureEnabled } = situation;
    const circumstances = { now, featureEnabled, mayRaise, newAlertId: () => '' };
    const decision = decideEngine(state, facts, circumstances);
    state = decision.state;
    if (now > span.from)
      raises += decision.events.filter(({ type }) => type === 'BackupAlertRaised').length;
  };
  for (const standing of standingsOf(engine, settings, span)) {
    const { from, until } = standing;
    decide(standing, from, from === span.from || atOnce.has(from));
    const periodMs = valueAt(settings.checkPeriodMs, from).value;
    const nextCheckAt = periodMs === null ? until : firstCheckFrom(from, checkAt, periodMs);
    // Until the span ends nothing changes: later checks of it say the same.
    if (nextCheckAt < until) decide(standing, nextCheckAt, true);
  }
  return raises;
}

function decidedAtOnce(engine: EngineHistory, settings: SettingsHistory): ReadonlySet<number> {
  const { checkPeriodMs, alertPeriodDays } = settings;
  const added = engine.monitoring.changes.filter(({ to }) => to?.isByReport !== true);
  const changes = [
    ...checkPeriodMs.changes,
    ...alertPeriodDays.changes,
    ...engine.ownPeriodDays.changes,
    ...added,
  ];
  return new Set(changes.map(({ at }) => at));
}
