import { runbookLink, type Links } from '../words/links.js';
import type { AlertView, Situation } from './situation.js';

/** More than both of these at once are one thing to look at, and not hundreds. */
const MANY = 200;
const SHARE = 0.2;

const LABELS = {
  alertname: 'ManyEnginesWithoutFreshBackup',
  severity: 'critical',
  service: 'backup-awareness',
};

/**
 * One alert for all, while more than 200 engines and a fifth of those that are monitored have no fresh full backup. It has no memory: when
 * it no longer holds, Alertmanager ends it by itself.
 */
export function manyEngines({ alerts, monitored }: AlertView, links: Links): Situation[] {
  const active = alerts.filter(
    ({ alert, clearedAt, dismissedAt }) =>
      clearedAt === null && dismissedAt === null && alert !== 'ENGINE_BACKUP_STUCK',
  );
  const engines = new Set(active.map(({ fqdn }) => fqdn)).size;
  if (engines <= MANY || engines <= SHARE * monitored) return [];
  return [
    {
      labels: LABELS,
      annotations: {
        summary: `${engines} of ${monitored} engines have no fresh full backup`,
        description:
          'So many at once have one cause, as a rule: look at the broker, at what the engines share, and at the clock. ' +
          'backup-awareness alerts list shows them all.',
        ...runbookLink(links, LABELS.alertname),
      },
      sinceAt: active.reduce((earliest, { sinceAt }) => Math.min(earliest, sinceAt), Infinity),
      endedAt: null,
    },
  ];
}
