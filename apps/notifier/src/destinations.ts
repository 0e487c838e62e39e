import { readUnknownSpells } from '@backup-awareness/database';
import { readAlerts, readMonitoredCount } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { alertmanager } from './alertmanager/alertmanager.js';
import type { Destination } from './destination.js';
import { heartbeat } from './heartbeat/heartbeat.js';
import type { ServiceWatch } from './heartbeat/service-watch.js';
import { readDigestView } from './mail/digest-view.js';
import { digest } from './mail/digest.js';
import { mail } from './mail/mail.js';
import { mailerOf } from './mail/mailer.js';
import { spellByMail } from './mail/spell-by-mail.js';
import { ovirt } from './ovirt/ovirt.js';
import { spellToOvirt, type OvirtAddress } from './ovirt/post-event.js';
import { startingWithPresentState } from './present-state.js';
import { tellingOutages } from './unknown/telling-outages.js';
import { spellToWebhook, type WebhookAddress } from './webhook/post-event.js';
import { webhook } from './webhook/webhook.js';
import type { NotifierConfiguration } from './notifier-configuration.js';
import type { Links } from './words/links.js';

/**
 * All configured destinations.
 *
 * @param services on whose readiness the heartbeat depends
 */
export function destinationsOf(
  configuration: NotifierConfiguration,
  db: DataSource,
  services: Pick<ServiceWatch, 'unreadyFor'> | undefined,
): readonly Destination[] {
  const links: Links = { console: configuration.CONSOLE_URL, runbooks: configuration.RUNBOOK_URL };
  const read = async (now: number, endedAfter: number) => ({
    alerts: await readAlerts(db, { now, clearedAfter: endedAfter }),
    spells: await readUnknownSpells(db, { endedAfter }),
    monitored: await readMonitoredCount(db),
  });
  const byMail = (smtpUrl: string) => {
    const { MAIL_FROM: from = '', MAIL_TO: to = '' } = configuration;
    const domain = from.replace(/^.*@/, '').replace(/[^\w.-]/g, '');
    const common = { db, mailer: mailerOf(smtpUrl, { from, to }), domain, links };
    return [
      tellingOutages(mail(common), spellByMail(common)),
      digest({ ...common, schedule: configuration.DIGEST_CRON, view: () => readDigestView(db) }),
    ];
  };
  const byWebhook = (address: WebhookAddress) => [
    tellingOutages(
      startingWithPresentState(db, address.url, (at) => webhook({ ...address, address: at, db })),
      spellToWebhook(address),
    ),
  ];
  const toOvirt = (address: OvirtAddress) => [
    tellingOutages(
      startingWithPresentState(db, address.url, (at) => ovirt({ ...address, address: at, db })),
      spellToOvirt(address),
    ),
  ];
  return [
    ...(configuration.ALERTMANAGER_URLS ?? []).map((url) => alertmanager({ url, links, read })),
    ...(configuration.WEBHOOK_URL === undefined
      ? []
      : byWebhook({ url: configuration.WEBHOOK_URL, secret: configuration.WEBHOOK_SECRET })),
    ...(configuration.SMTP_URL === undefined ? [] : byMail(configuration.SMTP_URL)),
    ...(configuration.OVIRT_API_URL === undefined
      ? []
      : toOvirt({
          url: configuration.OVIRT_API_URL,
          user: configuration.OVIRT_API_USER ?? '',
          password: configuration.OVIRT_API_PASSWORD ?? '',
          ca: configuration.OVIRT_API_CA,
        })),
    ...(configuration.HEARTBEAT_URL === undefined || services === undefined
      ? []
      : [heartbeat({ url: configuration.HEARTBEAT_URL, db, services })]),
  ];
}
