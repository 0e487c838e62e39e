import { DISABLED } from '@backup-awareness/contracts/plain';
import {
  always,
  countRaises,
  DAY_MS,
  decideEngine,
  hoursToMs,
  valueAt,
  type EngineHistory,
  type SettingsHistory,
  type TimeSpan,
} from '@backup-awareness/freshness';
import type { HistoryBasis, KnownHistory } from '../state/history/index.js';
import { factsOf, type EngineRow } from '../state/engine-rows.js';

/** A change of settings that is not made. */
export interface ProposedChange {
  /** Null: the feature off. */
  readonly checkPeriodHours?: number | null;
  readonly alertPeriodDays?: number;
  /** One engine's own period; null: the general one applies again. */
  readonly ownPeriodDays?: number | null;
}

/** Of a setting and its valid value; undefined for a setting on which no alert about freshness depends. */
export function proposedChange(name: string, value: string): ProposedChange | undefined {
  if (name === 'BackupCheckPeriodInHours')
    return { checkPeriodHours: value === DISABLED ? null : Number(value) };
  return name === 'BackupAlertPeriodInDays' ? { alertPeriodDays: Number(value) } : undefined;
}

/** What a change would do now. */
export interface NowPreview {
  readonly raises: readonly string[];
  readonly clears: readonly string[];
  readonly unchanged: number;
}

/** Raises of some past time, as things were and with the change. */
export interface PastRaises {
  readonly asItWas: number;
  readonly withChange: number;
}

const PAST_DAYS = 30;

/** Decides every engine as the checker would right after the change. */
export function previewNow(
  rows: readonly EngineRow[],
  { now, settings }: HistoryBasis,
  change: ProposedChange,
): NowPreview {
  const changed = settingsWith(settings, change);
  const { value: days, changedAt } = valueAt(settings.alertPeriodDays, now);
  const general =
    change.alertPeriodDays === undefined
      ? { days, changedAt }
      : { days: change.alertPeriodDays, changedAt: now };
  const featureEnabled = valueAt(changed.checkPeriodMs, now).value !== null;
  const raises: string[] = [];
  const clears: string[] = [];
  let unchanged = 0;
  for (const row of rows) {
    const ownPeriod =
      change.ownPeriodDays === undefined
        ? row.ownPeriod
        : { days: change.ownPeriodDays, changedAt: now };
    const { facts } = factsOf({ ...row, ownPeriod }, general);
    const circumstances = { now, featureEnabled, mayRaise: true, newAlertId: () => '' };
    const { outcome } = decideEngine(row.state, facts, circumstances);
    if (outcome === 'raised') raises.push(row.fqdn);
    else if (outcome === 'cleared') clears.push(row.fqdn);
    else if (row.retiredAt === null) unchanged++;
  }
  return { raises, clears, unchanged };
}

/** The past to compare: up to 30 days, as far as settings are known. */
export function pastSpan({ now, knownSinceAt }: HistoryBasis): TimeSpan {
  return { from: Math.min(now, Math.max(now - PAST_DAYS * DAY_MS, knownSinceAt ?? 0)), until: now };
}

/** The alerts that an engine had and would have had, since its past is known. */
export function previewPast(
  { history, knownSinceAt }: KnownHistory,
  { settings, lastCheckAt }: HistoryBasis,
  { from, until }: TimeSpan,
  change: ProposedChange,
): PastRaises {
  const span = { from: Math.min(until, Math.max(from, knownSinceAt ?? from)), until };
  const checkAt = lastCheckAt ?? from;
  return {
    asItWas: countRaises(history, settings, span, checkAt),
    withChange: countRaises(
      engineWith(history, change),
      settingsWith(settings, change),
      span,
      checkAt,
    ),
  };
}

/** With the new value for all of the time. */
function settingsWith(
  settings: SettingsHistory,
  { checkPeriodHours, alertPeriodDays }: ProposedChange,
): SettingsHistory {
  return {
    checkPeriodMs:
      checkPeriodHours === undefined
        ? settings.checkPeriodMs
        : always(checkPeriodHours === null ? null : hoursToMs(checkPeriodHours)),
    alertPeriodDays:
      alertPeriodDays === undefined ? settings.alertPeriodDays : always(alertPeriodDays),
  };
}

function engineWith(history: EngineHistory, { ownPeriodDays }: ProposedChange): EngineHistory {
  return ownPeriodDays === undefined
    ? history
    : { ...history, ownPeriodDays: always(ownPeriodDays) };
}

/** Alert periods that a history has to be read for, besides those that were in force. */
export function periodsOf({ alertPeriodDays, ownPeriodDays }: ProposedChange): number[] {
  return [alertPeriodDays, ownPeriodDays].filter((days) => days !== undefined && days !== null);
}
