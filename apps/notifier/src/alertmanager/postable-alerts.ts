import type { UnknownSpell } from '@backup-awareness/database';
import { backupCommand } from '@backup-awareness/freshness';
import type { AlertRow } from '@backup-awareness/overview/state';
import { engineLink, runbookLink, type Links } from '../words/links.js';
import { alertInWords, clearedInWords } from '../words/alert-in-words.js';
import { manyEngines } from './many-engines.js';
import type { AlertView, Situation } from './situation.js';

/** An alert as Alertmanager's API takes it. Its labels identify it; whatever may change is an annotation. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** Told again each minute, so that whoever hears nothing more of an active alert for this long takes it for ended. */
export const LASTS_MS = 5 * 60_000;

/** Who was away when an alert was cleared hears of it for this long. */
export const CLEARED_IS_TOLD_FOR_MS = 15 * 60_000;

const NAMES: Readonly<Record<string, string>> = {
  ENGINE_NO_FULL_BACKUP: 'EngineNoFullBackup',
  ENGINE_NO_WARM_BACKUP: 'EngineNoWarmBackup',
  ENGINE_BACKUP_STUCK: 'EngineBackupStuck',
};

/**
 * Everything that Alertmanager has to hold: one for each set of labels, since two of the same would be one that flaps. An active one hides
 * those that have ended.
 *
 * @param now whole milliseconds since 1970
 */
export function postableAlerts(view: AlertView, now: number, links: Links): PostableAlert[] {
  const situations = [
    ...view.alerts.map((alert) => ofEngine(alert, links)),
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

/** Of two with the same labels. */
function whichCounts(a: Situation, b: Situation): Situation {
  if (a.endedAt === null && b.endedAt === null) return a.sinceAt <= b.sinceAt ? a : b;
  if (a.endedAt === null || b.endedAt === null) return a.endedAt === null ? a : b;
  return a.endedAt >= b.endedAt ? a : b;
}

function ofEngine(alert: AlertRow, links: Links): Situation {
  const name = NAMES[alert.alert] ?? alert.alert;
  const isStuck = alert.alert === 'ENGINE_BACKUP_STUCK';
  return {
    labels: {
      alertname: name,
      fqdn: alert.fqdn,
      severity: isStuck ? 'warning' : 'critical',
      service: 'backup-awareness',
    },
    annotations: {
      summary: summaryOf(alert),
      description: alert.message,
      ...(isStuck ? {} : { command: backupCommand(alert.decidedAt) }),
      alert_id: alert.alertId,
      ...runbookLink(links, name),
    },
    sinceAt: alert.sinceAt,
    endedAt: alert.clearedAt ?? alert.dismissedAt,
    generatorURL: engineLink(links, alert.fqdn),
  };
}

/** An alert that was dismissed or whose engine was retired ends as well: its last words must not read as though there were a backup. */
function summaryOf(alert: AlertRow): string {
  if (alert.clearedAt !== null)
    return `${alert.fqdn}: the alert is cleared, ${clearedInWords(alert.reason)}`;
  if (alert.dismissedAt !== null)
    return `${alertInWords(alert)}: dismissed by ${alert.dismissedBy}, and still so`;
  return alertInWords(alert);
}

function ofUnknown(spell: UnknownSpell, links: Links): Situation {
  const summary =
    spell.endedAt === null
      ? 'It is not known whether engines have fresh backups'
      : 'It is known again whether engines have fresh backups';
  return {
    labels: UNKNOWN_LABELS,
    annotations: {
      summary,
      description: spell.reason,
      alert_id: spell.unknownId,
      ...runbookLink(links, UNKNOWN_LABELS.alertname),
    },
    sinceAt: spell.beganAt,
    endedAt: spell.endedAt,
  };
}

const UNKNOWN_LABELS = {
  alertname: 'BackupAwarenessUnknown',
  severity: 'critical',
  service: 'backup-awareness',
} as const;

function postable({ sinceAt, endedAt, ...situation }: Situation, now: number): PostableAlert {
  // An end before its start is refused, and an end that lies ahead would be waited for.
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
