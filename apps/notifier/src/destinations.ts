import { readUnknownSpells } from '@backup-awareness/database';
import { readAlerts, readMonitoredCount } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { alertmanager } from './alertmanager/alertmanager.js';
import type { Destination } from './destination.js';
import { webhook } from './webhook/webhook.js';
import type { NotifierConfiguration } from './notifier-configuration.js';
import type { Links } from './words/links.js';

/** Every destination that is configured. */
export function destinationsOf(
  configuration: NotifierConfiguration,
  db: DataSource,
): readonly Destination[] {
  const links: Links = { console: configuration.CONSOLE_URL, runbooks: configuration.RUNBOOK_URL };
  const read = async (endedAfter: number) => ({
    alerts: await readAlerts(db, { clearedAfter: endedAfter }),
    spells: await readUnknownSpells(db, { endedAfter }),
    monitored: await readMonitoredCount(db),
  });
  return [
    ...(configuration.ALERTMANAGER_URLS ?? []).map((url) => alertmanager({ url, links, read })),
    ...(configuration.WEBHOOK_URL === undefined
      ? []
      : [webhook({ url: configuration.WEBHOOK_URL, secret: configuration.WEBHOOK_SECRET, db })]),
  ];
}
