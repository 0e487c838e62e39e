import { NOTIFIED_NAMES } from '@backup-awareness/contracts';
import { runbookAnnotation, type Links } from '../words/links.js';
import type { AlertView, Situation } from './situation.js';

/** If both limits are exceeded, one common cause is likely. */
const MANY = 200;
const SHARE = 0.2;

const LABELS = {
  alertname: NOTIFIED_NAMES.MANY_ENGINES,
  severity: 'critical',
  service: 'backup-awareness',
};

/**
 * One summary alert while more than 200 engines, and more than a fifth of the monitored ones, have no fresh full backup. It is not stored:
 * when it is no longer sent, Alertmanager resolves it.
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
          'So many at once usually have one cause: check the broker, what the engines share, and the clock. ' +
          'backup-awareness alerts list shows them all.',
        ...runbookAnnotation(links, LABELS.alertname),
      },
      sinceAt: active.reduce((earliest, { sinceAt }) => Math.min(earliest, sinceAt), Infinity),
      endedAt: null,
    },
  ];
}
