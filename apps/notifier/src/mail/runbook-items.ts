import { NOTIFIED_NAMES } from '@backup-awareness/contracts';
import { runbookOf, type Links } from '../words/links.js';
import type { MailEntries } from './mail-entries.js';
import type { Item } from './render-mail.js';

const NAMES: Readonly<Record<string, string>> = NOTIFIED_NAMES;

/** The runbooks of what is wrong now, each once. */
export function runbookItems(
  { raised, unknownBegun }: Pick<MailEntries, 'raised' | 'unknownBegun'>,
  links: Links,
): Item[] {
  const names = [
    ...raised.flatMap(({ alert }) => NAMES[alert] ?? []),
    ...(unknownBegun.length > 0 ? [NOTIFIED_NAMES.STATUS_UNKNOWN] : []),
  ];
  return [...new Set(names)].map((name) => itemOf(name, links));
}

function itemOf(name: string, links: Links): Item {
  const runbook = runbookOf(links, name);
  return links.runbooks === undefined
    ? { text: `${runbook} of Backup Awareness` }
    : { text: name, link: runbook };
}
