import { describeDifferences, nearlyFullWarning } from '@backup-awareness/contracts/plain';
import { ageInWords, clockBehindMessage } from '@backup-awareness/freshness';
import type { Finding, FindingKind, FindingOf } from '@backup-awareness/overview/judgement';
import { verdictInWords } from './engine-in-words.js';
import { excludeModeWarning } from './exclude-mode-warning.js';
import { count, some } from '@backup-awareness/overview/words';
import { distanceInWords, localTime } from './local-time.js';
import {
  brokerUnreachableInWords,
  topologyUnknownInWords,
  unreadyInWords,
} from './surroundings-in-words.js';

/** All findings in sentences, in the order given; many of one kind in one sentence. */
export function findingsInWords(findings: readonly Finding[], now: number): string[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => inWords(kind, findings, now));
}

function inWords<Kind extends FindingKind>(
  kind: Kind,
  findings: readonly Finding[],
  now: number,
): readonly string[] {
  return SENTENCES[kind](
    findings.filter((one): one is FindingOf<Kind> => one.kind === kind),
    now,
  );
}

type Sentences = {
  readonly [Kind in FindingKind]: (
    all: readonly FindingOf<Kind>[],
    now: number,
  ) => readonly string[];
};

const SEE_LETTERS = 'backup-awareness dead-letters list';

const SENTENCES: Sentences = {
  disabled: () => ['the feature is disabled (BackupCheckPeriodInHours is -1)'],
  clock_behind: (all) => all.map(({ instants }) => clockBehindInWords(instants)),
  alert_active: (all) => [`${count(all.length, 'alert')}: ${some(all.map(alertInShort))}`],
  setting_unreadable: (all) =>
    all.map(({ parameters }) => unreadableSettingInWords(parameters.reason)),
  never_checked: () => ['no check has been made yet'],
  check_overdue: (all) =>
    all.map(
      ({ instants }) => `the check due at ${localTime(instants.nextCheckAt)} has not been made`,
    ),
  success_in_future: (all) => [
    `${all.length} unknown, with a success in the future: ${some(names(all))} (backup-awareness clock accept discounts it)`,
  ],
  engine_unjudgeable: (all) => [`cannot be judged: ${some(names(all))}`],
  broker_unreachable: (all) => all.map(({ parameters }) => brokerUnreachableInWords(parameters)),
  no_monitored_engine: () => ['no engine is monitored'],
  alert_due: (all, now) => [
    `an alert is due at the next check: ${some(all.map((one) => due(one, now)))}`,
  ],
  backup_stuck: (all, now) => [
    `a backup does not end: ${some(all.map((one) => stuck(one, now)))}; backup-awareness explain FQDN shows which`,
  ],
  latest_run_failed: (all, now) => [
    `the latest run failed: ${some(failedRuns(all, now))}; backup-awareness explain FQDN shows why`,
  ],
  exclude_mode_table: () => [excludeModeWarning('table') ?? ''],
  database_restored: (all) =>
    all.map(({ parameters: { copiedAt }, instants }) => {
      const copy = copiedAt === null ? 'a copy' : `a copy of ${localTime(copiedAt)}`;
      return `the database was restored from ${copy}, noticed at ${localTime(instants.restoredAt)}: reports and changes after the copy are missing`;
    }),
  events_set_aside: (all) =>
    all.map(
      ({ parameters }) =>
        `${count(parameters.count, 'event')} set aside, which could not be published (backup-awareness outbox list)`,
    ),
  events_pending: (all) =>
    all.map(
      ({ instants }) =>
        `events have been pending in the outbox since ${localTime(instants.oldestPendingAt)}`,
    ),
  destination_failing: (all) =>
    all.map(
      ({ parameters: { destination, error }, instants }) =>
        `${destination} has not been notified since ${localTime(instants.failingSince)}: ${error}`,
    ),
  destination_unserved: (all) => [
    `no notifier runs: ${some(all.map(({ parameters: { destination }, instants }) => `${destination} has not been served since ${localTime(instants.seenAt)}`))}`,
  ],
  dead_letters: (all) =>
    all.map(({ parameters }) => `${count(parameters.count, 'dead letter')} (${SEE_LETTERS})`),
  unrouted: (all) =>
    all.map(({ parameters }) => `${count(parameters.count, 'unrouted message')} (${SEE_LETTERS})`),
  queue_filling: (all) => all.map(queueFillingInWords),
  queue_missing: () => ['a queue is missing (backup-awareness topology verify)'],
  topology_differs: (all) =>
    describeDifferences(all.map(({ parameters }) => parameters.difference)),
  topology_warning: (all) => all.map(({ parameters }) => parameters.warning),
  topology_unknown: (all) => all.map(({ parameters }) => topologyUnknownInWords(parameters.error)),
  service_not_ready: (all) =>
    all.map(
      ({ parameters: { name, unready } }) => `${name} is not ready: ${unreadyInWords(unready)}`,
    ),
  all_fresh: (all) =>
    all.map(
      ({ parameters: { engines, oldestAgeMs } }) =>
        `${engines === 1 ? '1 engine has' : `${engines} engines have`} a fresh full backup, the oldest is ${ageInWords(oldestAgeMs)} old`,
    ),
};

/** Whether a fact of this kind is a finding, so that it has its words here. */
export function isFinding(kind: string): kind is FindingKind {
  return Object.hasOwn(SENTENCES, kind);
}

/** Why no decisions are made, and what to do about it. */
export function clockBehindInWords(instants: FindingOf<'clock_behind'>['instants']): string {
  const { clockAt, latestAt } = instants;
  return `no decisions are made: ${clockBehindMessage(localTime(latestAt), localTime(clockAt))}`;
}

/** Why no decisions are made while a setting is invalid. */
export function unreadableSettingInWords(reason: string): string {
  return `no decisions are made: a setting cannot be read: ${reason}`;
}

export function queueFillingInWords({ parameters }: FindingOf<'queue_filling'>): string {
  return nearlyFullWarning(parameters.queue, parameters.percent);
}

const ALERTS: Readonly<Record<string, string>> = {
  ENGINE_NO_FULL_BACKUP: 'has no full backup',
  ENGINE_NO_WARM_BACKUP: 'has a full backup that is too old',
};

function alertInShort({ parameters, instants }: FindingOf<'alert_active'>): string {
  const { fqdn, alert, isDismissed } = parameters;
  const dismissed = isDismissed ? ' (dismissed)' : '';
  return `${fqdn} ${ALERTS[alert] ?? alert} since ${localTime(instants.sinceAt)}${dismissed}`;
}

function due({ parameters, instants }: FindingOf<'alert_due'>, now: number): string {
  return `${parameters.fqdn} (${verdictInWords(parameters.verdict, now - instants.sinceAt)})`;
}

/** `engine.example.com (db, files, for 13 h 5 min)`. */
function stuck({ parameters, instants }: FindingOf<'backup_stuck'>, now: number): string {
  const { fqdn, scopes, isDismissed } = parameters;
  const dismissed = isDismissed ? ', dismissed' : '';
  const age = ageInWords(Math.max(0, now - instants.sinceAt));
  return `${fqdn} (${scopes.join(', ')}, for ${age}${dismissed})`;
}

/** By engine: `engine.example.com (db, 3 h ago; files, 3 h ago)`. */
function failedRuns(all: readonly FindingOf<'latest_run_failed'>[], now: number): string[] {
  return names(all).map((fqdn) => {
    const runs = all
      .filter(({ parameters }) => parameters.fqdn === fqdn)
      .map(
        ({ parameters, instants }) =>
          `${parameters.scope}, ${distanceInWords(instants.failedAt, now)}`,
      );
    return `${fqdn} (${runs.join('; ')})`;
  });
}

/** The engines, each once. */
function names(all: readonly { readonly parameters: { readonly fqdn: string } }[]): string[] {
  return [...new Set(all.map(({ parameters }) => parameters.fqdn))];
}
