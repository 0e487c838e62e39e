import { ageInWords } from '@backup-awareness/freshness';
import type { AlertRow } from '@backup-awareness/overview/state';
import { alertInWords, clearedInWords, utc } from '../words/alert-in-words.js';
import { engineLink, type Links } from '../words/links.js';
import type { MailEntries } from './mail-entries.js';
import { plural, renderMail, type Item, type Mail, type Section } from './render-mail.js';

/** Everything that is news in one mail, of a length that can be read. */
export function composeMail(entries: MailEntries, now: number, links: Links): Mail {
  return renderMail(subjectOf(entries), sectionsOf(entries, now, links));
}

function subjectOf({ raised, cleared, brief, unknownBegun, unknownEnded }: MailEntries): string {
  return [
    ...(unknownBegun.length > 0 ? ['it is not known whether backups are fresh'] : []),
    ...(raised.length === 1 ? [alertInWords(raised[0]!)] : []),
    ...(raised.length > 1 ? [`${raised.length} new alerts`] : []),
    ...(cleared.length === 1 ? [`${cleared[0]!.fqdn}: alert cleared`] : []),
    ...(cleared.length > 1 ? [`${cleared.length} alerts cleared`] : []),
    ...(brief.length > 0 ? [`${plural(brief.length, 'alert')} came and went`] : []),
    ...(unknownEnded.length > 0 ? ['it is known again how things stand'] : []),
  ].join(', ');
}

function sectionsOf(
  { raised, cleared, brief, unknownBegun, unknownEnded }: MailEntries,
  now: number,
  links: Links,
): Section[] {
  return [
    {
      title: 'It is not known whether backups are fresh',
      items: unknownBegun.map(({ reason, beganAt }) => ({
        text: reason,
        detail: `Since ${utc(beganAt)}. Until this ends, no news does not mean that backups are fresh.`,
      })),
    },
    {
      title: plural(raised.length, 'new alert'),
      items: [...raised]
        .sort((a, b) => a.sinceAt - b.sinceAt)
        .map((alert) => ({
          text: `${alertInWords(alert)}, for ${ageInWords(Math.max(0, now - alert.sinceAt))}`,
          detail: alert.message,
          link: engineLink(links, alert.fqdn),
        })),
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
      title: 'It is known again how things stand',
      items: unknownEnded.map(({ reason, beganAt, endedAt }) => ({
        text: `From ${utc(beganAt)} to ${utc(endedAt ?? now)} it was not: ${reason}`,
      })),
    },
  ];
}

function endedItem(alert: AlertRow, links: Links): Item {
  const { fqdn, sinceAt, clearedAt, reason } = alert;
  return {
    text: `${fqdn}: cleared at ${utc(clearedAt ?? sinceAt)}, ${clearedInWords(reason)}`,
    detail: `${alertInWords(alert)} since ${utc(sinceAt)}.`,
    link: engineLink(links, fqdn),
  };
}
