import type { AlertCleared, FreshnessAlert } from '@backup-awareness/freshness';
import { biography, generalPeriod, type Biography } from './biography.js';
import { isAcceptance, lastFullBackup, lastSuccesses, nowToDecideBy } from './naive-time.js';
import { fqdnOf, type Telling, type ToldEvent } from './telling.js';
import type { Happening } from './timeline.js';

const HOUR_MS = 60 * 60 * 1000;
const TOLERANCE_MS = 60_000;

/** A tick that decided all engines, at its index in the history. */
interface Round {
  readonly index: number;
  readonly at: number;
  readonly isCheck: boolean;
}

/** The output so far. Everything else is read from the beginning of the history, at each step. */
interface Told {
  readonly events: ToldEvent[];
  readonly rounds: Round[];
  /** The indexes of all ticks that decided anything. */
  readonly ticks: number[];
  /** At which index of the history an alert was raised. */
  readonly raisedIn: Map<string, number>;
}

/**
 * What has to be observed after each step of a history: the contract's settings, freshness and alerts, written without the product's
 * code and without regard to speed. With the world it shares only the computation of `counted_at`.
 */
export function naiveModel(history: readonly Happening[], engines: number): Telling[] {
  const told: Told = { events: [], rounds: [], ticks: [], raisedIn: new Map() };
  let nextCheckAt: number | null = null;
  return history.map(({ step }, index) => {
    const before = told.events.length;
    const past = history.slice(0, index + 1);
    const now = step.what === 'tick' ? nowToDecideBy(past) : null;
    let fresh: string[] = [];
    if (step.what === 'tick' && now !== null)
      ({ nextCheckAt, fresh } = tickNaively(past, now, told, step.backlog, engines));
    const active: Record<string, FreshnessAlert> = {};
    for (let engine = 0; engine < engines; engine++) {
      const raise = activeRaise(told.events, engine);
      if (raise) active[fqdnOf(engine)] = raise.alert;
    }
    const checks = checksOf(told).map(({ at }) => at);
    return { events: told.events.slice(before), active, fresh, checks, nextCheckAt };
  });
}

/** @returns when the next check is, and which engines are fresh */
function tickNaively(
  past: readonly Happening[],
  now: number,
  told: Told,
  hasBacklog: boolean,
  engines: number,
): { nextCheckAt: number | null; fresh: string[] } {
  const index = past.length - 1;
  const periodMs = checkPeriod(past);
  const ledSince = past.findLastIndex(({ step }) => step.what === 'new leader');
  const ofThisLeader = told.rounds.filter((round) => round.index > ledSince);
  const acceptedIn = past.findLastIndex((_, place) => isAcceptance(past, place));
  const lastCheck = checksOf(told).findLast((check) => check.index > acceptedIn);
  const isFirst = !ofThisLeader.some(({ isCheck }) => isCheck);
  const isDue = periodMs !== null && (isFirst || !lastCheck || now - lastCheck.at >= periodMs);
  const mayDecideAll = !isFirst || !hasBacklog;
  const lastRound = ofThisLeader.at(-1);
  const isChanged = !lastRound || settings(past) !== settings(past.slice(0, lastRound.index + 1));
  const isRound = mayDecideAll && (isDue || isChanged);
  const lastTick = told.ticks.at(-1) ?? -1;
  const fresh: string[] = [];

  for (let engine = 0; engine < engines; engine++) {
    const life = biography(past, engine);
    if (!life) continue;
    const isFresh = tell(past, told, engine, life, {
      now,
      isOff: periodMs === null,
      mayRaise: isRound || life.lastActIndex > lastTick,
    });
    if (isFresh) fresh.push(fqdnOf(engine));
  }
  told.ticks.push(index);
  const isCheck = isDue && mayDecideAll;
  if (isRound) told.rounds.push({ index, at: now, isCheck });
  if (periodMs === null) return { nextCheckAt: null, fresh };
  if (isCheck) return { nextCheckAt: now + periodMs, fresh };
  return { nextCheckAt: isDue ? now : lastCheck!.at + periodMs, fresh };
}

interface Tick {
  readonly now: number;
  readonly isOff: boolean;
  readonly mayRaise: boolean;
}

/** Adds the events of one engine. @returns whether it was decided and is fresh */
function tell(
  past: readonly Happening[],
  { events, raisedIn }: Told,
  engine: number,
  life: Biography,
  { now, isOff, mayRaise }: Tick,
): boolean {
  const raise = activeRaise(events, engine);
  const { alert, isUnknown, sinceAt, full, periodMs } = complaint(past, now, engine, life);
  const fqdn = fqdnOf(engine);
  const nextSequence = (): number => events.filter((event) => event.fqdn === fqdn).length + 1;

  let reason: AlertCleared['reason'] | undefined;
  if (raise && isOff) reason = 'disabled';
  else if (raise && life.isRetired) reason = 'engine_retired';
  else if (raise && alert === null && !isUnknown) {
    const atRaise = fullAtRaise(past, engine, raise, raisedIn.get(raise.alertId)!);
    reason = atRaise === null || full! > atRaise ? 'full_backup' : 'period_extended';
  } else if (raise && alert !== null && alert !== raise.alert) reason = 'superseded';

  if (raise && reason) {
    const { alertId, alert: ended, decidedAt: raisedAt } = raise;
    const sequence = nextSequence();
    events.push(
      { type: 'BackupAlertCleared', fqdn, alertId, alert: ended, sequence, raisedAt, clearedAt: now, reason }, // prettier-ignore
    );
  }
  if (isOff || life.isRetired) return false;
  if (alert === null) return !isUnknown && (mayRaise || raise !== undefined);
  if (reason === 'superseded' || (!raise && mayRaise)) {
    const raises = events.filter(({ type }) => type === 'BackupAlertRaised').length;
    raisedIn.set(`alert-${raises + 1}`, past.length - 1);
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
  return false;
}

/** The last full backup at the raise of an alert, or what was left of it whenever a clock was accepted. */
function fullAtRaise(
  past: readonly Happening[],
  engine: number,
  { lastFullBackupAt }: { readonly lastFullBackupAt: number | null },
  raisedIn: number,
): number | null {
  let full = lastFullBackupAt;
  for (let place = raisedIn + 1; place < past.length; place++) {
    if (full !== null && full > past[place]!.at && isAcceptance(past, place))
      full = lastFullBackup(past.slice(0, place + 1), engine);
  }
  return full;
}

/** The alert that an engine's backups deserve at `now`; null: none, or unknown. */
export function complaint(
  past: readonly Happening[],
  now: number,
  engine: number,
  { ownPeriod, watchedSince }: Biography,
): {
  alert: FreshnessAlert | null;
  isUnknown: boolean;
  sinceAt: number;
  full: number | null;
  periodMs: number;
} {
  const general = generalPeriod(past);
  const periodMs = ownPeriod.ms ?? general.ms;
  const changes = [ownPeriod.at, ownPeriod.ms === null ? general.at : null];
  const full = lastFullBackup(past, engine);
  const since = (at: number): number => Math.min(at, now);
  if (full === null)
    return {
      alert: 'ENGINE_NO_FULL_BACKUP',
      isUnknown: false,
      sinceAt: since(watchedSince),
      full,
      periodMs,
    };
  const isTooOld = now - Math.min(full, now) > periodMs;
  const sinceAt = since(Math.max(full + periodMs, ...changes.filter((at) => at !== null)));
  const { db = 0, files = 0 } = lastSuccesses(past, engine);
  const isUnknown = !isTooOld && Math.max(db, files) > now + TOLERANCE_MS;
  return { alert: isTooOld ? 'ENGINE_NO_WARM_BACKUP' : null, isUnknown, sinceAt, full, periodMs };
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
