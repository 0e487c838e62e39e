import { ageInWords } from '@backup-awareness/freshness';
import type { AlertRow } from '@backup-awareness/overview/state';
import { alertInWords, clearedInWords, utc } from '../words/alert-in-words.js';
import { engineLink, type Links } from '../words/links.js';
import { runbookItems } from './runbook-items.js';
import type { MailEntries } from './mail-entries.js';
import { plural, renderMail, type Item, type Mail, type Section } from './render-mail.js';

/** All news in one mail of readable length. */
export function composeMail(entries: MailEntries, now: number, links: Links): Mail {
  return renderMail(subjectOf(entries), sectionsOf(entries, now, links));
}

function subjectOf(entries: MailEntries): string {
  const { raised, shownAgain, cleared, brief, unknownBegun, unknownEnded } = entries;
  return [
    ...(unknownBegun.length > 0 ? ['the backup status is unknown'] : []),
    ...(raised.length === 1 ? [alertInWords(raised[0]!)] : []),
    ...(raised.length > 1 ? [`${raised.length} new alerts`] : []),
    ...(shownAgain.length === 1 ? [`${alertInWords(shownAgain[0]!)}, no longer dismissed`] : []),
    ...(shownAgain.length > 1 ? [`${shownAgain.length} alerts no longer dismissed`] : []),
    ...(cleared.length === 1 ? [`${cleared[0]!.fqdn}: alert cleared`] : []),
    ...(cleared.length > 1 ? [`${cleared.length} alerts cleared`] : []),
    ...(brief.length > 0 ? [`${plural(brief.length, 'alert')} came and went`] : []),
    ...(unknownEnded.length > 0 ? ['the backup status is known again'] : []),
  ].join(', ');
}

function sectionsOf(
  { raised, shownAgain, cleared, brief, unknownBegun, unknownEnded }: MailEntries,
  now: number,
  links: Links,
): Section[] {
  return [
    {
      title: 'The backup status is unknown',
      items: unknownBegun.map(({ reason, beganAt }) => ({
        text: reason,
        detail: `Since ${utc(beganAt)}. Until this ends, the absence of alerts does not mean that backups are fresh.`,
      })),
    },
    {
      title: plural(raised.length, 'new alert'),
      items: activeItems(raised, now, links),
    },
    {
      title: `${plural(shownAgain.length, 'alert')} no longer dismissed`,
      items: activeItems(shownAgain, now, links),
    },
    {
      title: plural(cleared.length, 'alert') + ' cleared',
      items: cleared.map((alert) => endedItem(alert, links)),
    },
    {
      title: plural(brief.length, 'alert') + ' came and went',
      items: brief.map((alert) => endedItem(alert, links)),
    },
    {
      title: 'The backup status is known again',
      items: unknownEnded.map(({ reason, beganAt, endedAt }) => ({
        text: `Unknown from ${utc(beganAt)} to ${utc(endedAt ?? now)}: ${reason}`,
      })),
    },
    { title: 'What to do', items: runbookItems({ raised, unknownBegun }, links) },
  ];
}

function activeItems(alerts: readonly AlertRow[], now: number, links: Links): Item[] {
  return [...alerts]
    .sort((a, b) => a.sinceAt - b.sinceAt)
    .map((alert) => ({
      text: `${alertInWords(alert)}, for ${ageInWords(Math.max(0, now - alert.sinceAt))}`,
      detail: alert.message,
      link: engineLink(links, alert.fqdn),
    }));
}

function endedItem(alert: AlertRow, links: Links): Item {
  const { fqdn, sinceAt, clearedAt, reason } = alert;
  return {
    text: `${fqdn}: cleared at ${utc(clearedAt ?? sinceAt)}, ${clearedInWords(reason)}`,
    detail: `${alertInWords(alert)} since ${utc(sinceAt)}.`,
    link: engineLink(links, fqdn),
  };
}
