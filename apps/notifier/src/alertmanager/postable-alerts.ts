import { NOTIFIED_NAMES } from '@backup-awareness/contracts';
import type { UnknownSpell } from '@backup-awareness/database';
import { backupCommand } from '@backup-awareness/freshness';
import type { AlertRow } from '@backup-awareness/overview/state';
import { engineLink, runbookAnnotation, type Links } from '../words/links.js';
import { alertInWords, clearedInWords, utc } from '../words/alert-in-words.js';
import { manyEngines } from './many-engines.js';
import type { AlertView, Situation } from './situation.js';

/** An alert in the format of Alertmanager's API. Its labels identify it; everything that may change is an annotation. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** Alertmanager resolves an active alert that is not repeated for this long. Alerts are repeated every minute. */
export const LASTS_MS = 5 * 60_000;

/** A cleared alert is sent for this long, so that a replica that was unavailable gets it, too. */
export const CLEARED_IS_TOLD_FOR_MS = 15 * 60_000;

const NAMES: Readonly<Record<string, string>> = NOTIFIED_NAMES;

/**
 * All alerts that Alertmanager should have: one for each set of labels, since two with the same labels would flap. An active alert hides
 * those that have ended.
 *
 * @param now whole milliseconds since 1970
 */
export function postableAlerts(view: AlertView, now: number, links: Links): PostableAlert[] {
  const situations = [
    ...sameLabels(view.alerts).map((alerts) => ofEngine(alerts, links)),
    ...view.spells.map((spell) => ofUnknown(spell, links)),
    ...manyEngines(view, links),
  ];
  const byLabels = new Map<string, Situation>();
  for (const situation of situations) {
    if (situation.endedAt !== null && situation.endedAt < view.endedAfter) continue;
    const key = JSON.stringify(situation.labels);
    const other = byLabels.get(key);
    byLabels.set(key, other ? whichCounts(other, situation) : situation);
  }
  return [...byLabels.values()].map((situation) => postable(situation, now));
}

/** Chooses between two alerts with the same labels. */
function whichCounts(a: Situation, b: Situation): Situation {
  if (a.endedAt === null && b.endedAt === null) return a.sinceAt <= b.sinceAt ? a : b;
  if (a.endedAt === null || b.endedAt === null) return a.endedAt === null ? a : b;
  return a.endedAt >= b.endedAt ? a : b;
}

type SomeAlerts = readonly [AlertRow, ...AlertRow[]];

/** Each alert on its own, but all active ones about runs of one engine together: they have the same labels. */
function sameLabels(alerts: readonly AlertRow[]): readonly SomeAlerts[] {
  const runsOf = new Map<string, [AlertRow, ...AlertRow[]]>();
  const others: SomeAlerts[] = [];
  for (const alert of alerts) {
    const runs = runsOf.get(alert.fqdn);
    if (!isStuck(alert) || endOf(alert) !== null) others.push([alert]);
    else if (runs) runs.push(alert);
    else runsOf.set(alert.fqdn, [alert]);
  }
  return [...others, ...runsOf.values()];
}

function isStuck({ alert }: AlertRow): boolean {
  return alert === 'ENGINE_BACKUP_STUCK';
}

/** Null while it is active and not dismissed. */
function endOf({ clearedAt, dismissedAt }: AlertRow): number | null {
  return clearedAt ?? dismissedAt;
}

/** @param alerts with the same labels; it ends when the last of them does */
function ofEngine(alerts: SomeAlerts, links: Links): Situation {
  const [alert] = alerts;
  const name = NAMES[alert.alert] ?? alert.alert;
  return {
    labels: {
      alertname: name,
      fqdn: alert.fqdn,
      severity: isStuck(alert) ? 'warning' : 'critical',
      service: 'backup-awareness',
    },
    annotations: {
      summary:
        alerts.length > 1
          ? `${alerts.length} backup runs of ${alert.fqdn} are stuck`
          : summaryOf(alert),
      description: alerts.map(({ message }) => message).join('\n'),
      ...(isStuck(alert) ? {} : { command: backupCommand(alert.decidedAt) }),
      alert_id: alerts.map(({ alertId }) => alertId).join(', '),
      ...runbookAnnotation(links, name),
    },
    sinceAt: Math.min(...alerts.map(({ sinceAt }) => sinceAt)),
    endedAt: endOf(alert),
    generatorURL: engineLink(links, alert.fqdn),
  };
}

/** An alert also ends when it is dismissed or its engine is retired: its last summary must not suggest that there is a backup. */
function summaryOf(alert: AlertRow): string {
  if (alert.clearedAt !== null)
    return `${alert.fqdn}: alert cleared, ${clearedInWords(alert.reason)}`;
  if (alert.dismissedAt !== null)
    return `${alertInWords(alert)}: dismissed by ${alert.dismissedBy}${untilWhen(alert)}, still active`;
  return alertInWords(alert);
}

function untilWhen({ dismissedUntil }: AlertRow): string {
  return dismissedUntil === null ? '' : ` until ${utc(dismissedUntil)}`;
}

function ofUnknown(spell: UnknownSpell, links: Links): Situation {
  const summary =
    spell.endedAt === null ? 'The backup status is unknown' : 'The backup status is known again';
  return {
    labels: UNKNOWN_LABELS,
    annotations: {
      summary,
      description: spell.reason,
      alert_id: spell.unknownId,
      ...runbookAnnotation(links, UNKNOWN_LABELS.alertname),
    },
    sinceAt: spell.beganAt,
    endedAt: spell.endedAt,
  };
}

const UNKNOWN_LABELS = {
  alertname: NOTIFIED_NAMES.STATUS_UNKNOWN,
  severity: 'critical',
  service: 'backup-awareness',
} as const;

function postable({ sinceAt, endedAt, ...situation }: Situation, now: number): PostableAlert {
  // Alertmanager refuses an end before the start, and keeps an alert active until an end in the future.
  const startsAt = Math.min(sinceAt, now);
  const endsAt = endedAt === null ? now + LASTS_MS : Math.max(startsAt, Math.min(endedAt, now));
  const { labels, annotations, generatorURL } = situation;
  return {
    labels,
    annotations,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(generatorURL === undefined ? {} : { generatorURL }),
  };
}
