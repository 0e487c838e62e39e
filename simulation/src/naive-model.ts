import type { AlertCleared, FreshnessAlert } from '@backup-awareness/freshness';
import { biography, generalPeriod, lastFullBackup, type Biography } from './biography.js';
import { fqdnOf, type Telling, type ToldEvent } from './telling.js';
import type { Happening } from './timeline.js';

const HOUR_MS = 60 * 60 * 1000;

/** A tick that decided all engines, at its place in the history. */
interface Round {
  readonly index: number;
  readonly at: number;
  readonly isCheck: boolean;
}

/** What was told until now. All else is read from the beginning of the history, at each step. */
interface Told {
  readonly events: ToldEvent[];
  readonly rounds: Round[];
}

/**
 * What has to be told after each step of a history: the contract's settings, freshness and alerts, written without
 * the product's code and without a thought of speed. It shares the reckoning of `counted_at` with the world only.
 */
export function naiveModel(history: readonly Happening[], engines: number): Telling[] {
  const told: Told = { events: [], rounds: [] };
  let nextCheckAt: number | null = null;
  return history.map(({ step }, index) => {
    const before = told.events.length;
    if (step.what === 'tick')
      nextCheckAt = tickNaively(history.slice(0, index + 1), told, step.backlog, engines);
    const active: Record<string, FreshnessAlert> = {};
    for (let engine = 0; engine < engines; engine++) {
      const raise = activeRaise(told.events, engine);
      if (raise) active[fqdnOf(engine)] = raise.alert;
    }
    const checks = checksOf(told).map(({ at }) => at);
    return { events: told.events.slice(before), active, checks, nextCheckAt };
  });
}

/** @returns when the next check is. */
function tickNaively(
  past: readonly Happening[],
  told: Told,
  hasBacklog: boolean,
  engines: number,
): number | null {
  const index = past.length - 1;
  const now = past[index]!.at;
  const periodMs = checkPeriod(past);
  const ledSince = past.findLastIndex(({ step }) => step.what === 'new leader');
  const ofThisLeader = told.rounds.filter((round) => round.index > ledSince);
  const lastCheck = checksOf(told).at(-1);
  const isFirst = !ofThisLeader.some(({ isCheck }) => isCheck);
  const isDue =
    periodMs !== null &&
    (isFirst || !lastCheck || lastCheck.at > now || now - lastCheck.at >= periodMs);
  const mayDecideAll = !isFirst || !hasBacklog;
  const lastRound = ofThisLeader.at(-1);
  const isChanged = !lastRound || settings(past) !== settings(past.slice(0, lastRound.index + 1));
  const isRound = mayDecideAll && (isDue || isChanged);
  const lastTick = past.slice(0, -1).findLastIndex(({ step }) => step.what === 'tick');

  for (let engine = 0; engine < engines; engine++) {
    const life = biography(past, engine);
    if (!life) continue;
    tell(past, told, engine, life, {
      isOff: periodMs === null,
      mayRaise: isRound || life.lastActIndex > lastTick,
      mayClear: !lastCheck || now >= lastCheck.at,
    });
  }
  const isCheck = isDue && mayDecideAll;
  if (isRound) told.rounds.push({ index, at: now, isCheck });
  if (periodMs === null) return null;
  if (isCheck) return now + periodMs;
  return isDue ? now : lastCheck!.at + periodMs;
}

interface Tick {
  readonly isOff: boolean;
  readonly mayRaise: boolean;
  readonly mayClear: boolean;
}

/** Tells what has changed of one engine. */
function tell(
  past: readonly Happening[],
  { events }: Told,
  engine: number,
  life: Biography,
  { isOff, mayRaise, mayClear }: Tick,
): void {
  const now = past.at(-1)!.at;
  const raise = activeRaise(events, engine);
  const { alert, sinceAt, full, periodMs } = complaint(past, engine, life);
  const fqdn = fqdnOf(engine);
  const nextSequence = (): number => events.filter((event) => event.fqdn === fqdn).length + 1;

  let reason: AlertCleared['reason'] | undefined;
  if (raise && isOff) reason = 'disabled';
  else if (raise && life.isRetired) reason = 'engine_retired';
  else if (raise && alert === null && mayClear) {
    const isNewer = raise.lastFullBackupAt === null || full! > raise.lastFullBackupAt;
    // A clock put back makes no backup younger than it was at the raise (docs/decisions/0005).
    const wasTooOldAtTheRaise = raise.decidedAt - full! > periodMs;
    if (isNewer) reason = 'full_backup';
    else if (!wasTooOldAtTheRaise) reason = 'period_extended';
  } else if (raise && alert !== null && alert !== raise.alert) reason = 'superseded';

  if (raise && reason) {
    const { alertId, alert: ended, decidedAt: raisedAt } = raise;
    const sequence = nextSequence();
    events.push(
      { type: 'BackupAlertCleared', fqdn, alertId, alert: ended, sequence, raisedAt, clearedAt: now, reason }, // prettier-ignore
    );
  }
  if (isOff || life.isRetired || alert === null) return;
  if (reason === 'superseded' || (!raise && mayRaise)) {
    const raises = events.filter(({ type }) => type === 'BackupAlertRaised').length;
    events.push({
      type: 'BackupAlertRaised',
      fqdn,
      alertId: `alert-${raises + 1}`,
      alert,
      sinceAt,
      decidedAt: now,
      lastFullBackupAt: full,
      alertPeriodMs: periodMs,
      sequence: nextSequence(),
    });
  }
}

/** What is wrong with an engine's backups by the last instant of its past; `alert` null: nothing. */
export function complaint(
  past: readonly Happening[],
  engine: number,
  { ownPeriod, watchedSince }: Biography,
): { alert: FreshnessAlert | null; sinceAt: number; full: number | null; periodMs: number } {
  const now = past.at(-1)!.at;
  const general = generalPeriod(past);
  const periodMs = ownPeriod.ms ?? general.ms;
  const changes = [ownPeriod.at, ownPeriod.ms === null ? general.at : null];
  const full = lastFullBackup(past, engine);
  const since = (at: number): number => Math.min(at, now);
  if (full === null)
    return { alert: 'ENGINE_NO_FULL_BACKUP', sinceAt: since(watchedSince), full, periodMs };
  const isTooOld = now - Math.min(full, now) > periodMs;
  const sinceAt = since(Math.max(full + periodMs, ...changes.filter((at) => at !== null)));
  return { alert: isTooOld ? 'ENGINE_NO_WARM_BACKUP' : null, sinceAt, full, periodMs };
}

function activeRaise(events: readonly ToldEvent[], engine: number) {
  const last = events.findLast(({ fqdn }) => fqdn === fqdnOf(engine));
  return last?.type === 'BackupAlertRaised' ? last : undefined;
}

function checksOf({ rounds }: Told): Round[] {
  return rounds.filter(({ isCheck }) => isCheck);
}

/** Null: the feature is off. */
function checkPeriod(past: readonly Happening[]): number | null {
  const last = past.findLast(({ step }) => step.what.startsWith('feature '));
  if (last?.step.what === 'feature off') return null;
  const change = past.findLast(({ step }) => step.what === 'check period');
  return change?.step.what === 'check period' ? change.step.ms : 6 * HOUR_MS;
}

function settings(past: readonly Happening[]): string {
  const { ms, at } = generalPeriod(past);
  return [checkPeriod(past), ms, at].join();
}
