import { ageInWords } from '@backup-awareness/freshness';
import type { AlertRow } from '@backup-awareness/overview/state';
import { alertInWords, clearedInWords, utc } from '../words/alert-in-words.js';
import { engineLink, type Links } from '../words/links.js';
import type { MailEntries } from './mail-entries.js';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail is for reading: of thousands the list is on the command line. */
const LISTED_MAX = 20;

interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

interface Item {
  readonly text: string;
  readonly detail?: string;
  readonly link?: string | undefined;
}

/** Everything that is news in one mail, of a length that can be read. */
export function composeMail(entries: MailEntries, now: number, links: Links): Mail {
  const sections = sectionsOf(entries, now, links).filter(({ items }) => items.length > 0);
  return {
    subject: `Backup Awareness: ${subjectOf(entries)}`,
    text: `${sections.map(asText).join('\n\n')}\n\n${FOOTER}\n`,
    html: `<!doctype html><html lang="en"><body>${sections.map(asHtml).join('')}<p>${escaped(FOOTER)}</p></body></html>`,
  };
}

const FOOTER =
  'backup-awareness status shows how things stand now; backup-awareness explain ENGINE shows why.';

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

function shortened({ title, items }: Section): { title: string; items: readonly Item[]; more: string } {
  const left = items.length - LISTED_MAX;
  const more = left > 0 ? `… and ${left} more: backup-awareness alerts list shows them all.` : '';
  return { title, items: items.slice(0, LISTED_MAX), more };
}

function asText(section: Section): string {
  const { title, items, more } = shortened(section);
  const lines = items.flatMap(({ text, detail, link }) => [
    `- ${text}`,
    ...(detail === undefined ? [] : [`  ${detail}`]),
    ...(link === undefined ? [] : [`  ${link}`]),
  ]);
  return [`${title}:`, '', ...lines, ...(more === '' ? [] : [more])].join('\n');
}

function asHtml(section: Section): string {
  const { title, items, more } = shortened(section);
  const list = items
    .map(({ text, detail, link }) => {
      const head = `<strong>${escaped(text)}</strong>`;
      const linked = link === undefined ? head : `<a href="${escaped(link)}">${head}</a>`;
      return `<li>${linked}${detail === undefined ? '' : `<br>${escaped(detail)}`}</li>`;
    })
    .join('');
  return `<h2>${escaped(title)}</h2><ul>${list}</ul>${more === '' ? '' : `<p>${escaped(more)}</p>`}`;
}

/** Text as HTML takes it, in attributes too. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
