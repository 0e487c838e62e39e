import { ageInWords } from '@backup-awareness/freshness';
import type { MonthReport } from '@backup-awareness/overview/judgement';
import type { EngineSituation, ProductState } from '@backup-awareness/overview/state';
import { alertInWords, utc } from '../words/alert-in-words.js';
import { engineLink, type Links } from '../words/links.js';
import { coverageSection } from './month-coverage.js';
import { plural, renderMail, type Item, type Mail } from './render-mail.js';

export interface DigestView {
  readonly product: ProductState;
  /** Why the status is unknown, in words; null while it is known. */
  readonly unknown: string | null;
  /** The month's coverage; or why it is unknown, in words. */
  readonly coverage: MonthReport | string;
}

/** The digest, sent also if all is well: a missing digest shows that something is wrong. */
export function composeDigest({ product, unknown, coverage }: DigestView, links: Links): Mail {
  const { now, lastCheck } = product;
  const monitored = product.engines.filter(({ retiredAt }) => retiredAt === null);
  const alerts = [...product.activeAlerts].sort((a, b) => a.sinceAt - b.sinceAt);
  const shown = alerts.filter(({ dismissedAt }) => dismissedAt === null);
  const dismissed = alerts.length - shown.length;
  return renderMail(subjectOf(monitored, product, unknown), [
    {
      title: 'The backup status is unknown',
      items: unknown === null ? [] : [{ text: unknown }],
    },
    {
      title: plural(shown.length, 'active alert'),
      items: shown.map(({ fqdn, alert, sinceAt, message }) => ({
        text: `${alertInWords({ alert, fqdn })}, for ${ageInWords(Math.max(0, now - sinceAt))}`,
        detail: message,
        link: engineLink(links, fqdn),
      })),
    },
    {
      title: 'Figures',
      items: [
        { text: `${plural(monitored.length, 'engine')} monitored, ${countFresh(monitored)} fresh` },
        ...oldest(monitored, now),
        ...(dismissed > 0
          ? [{ text: `${plural(dismissed, 'alert')} dismissed and still active` }]
          : []),
        { text: lastCheck ? `Last check at ${utc(lastCheck.at)}` : 'No check has been made yet' },
      ],
    },
    typeof coverage === 'string'
      ? { title: 'Coverage', items: [{ text: `Unknown: ${coverage}` }] }
      : coverageSection(coverage),
  ]);
}

function subjectOf(
  monitored: readonly EngineSituation[],
  { settings }: ProductState,
  unknown: string | null,
): string {
  if (unknown !== null) return 'the backup status is unknown';
  if (settings.ok && settings.value.checkPeriodHours === null)
    return 'the feature is disabled, no checks are made';
  if (monitored.length === 0) return 'no engine is monitored';
  const fresh = countFresh(monitored);
  return fresh === monitored.length
    ? `${monitored.length === 1 ? 'the engine has' : `all ${monitored.length} engines have`} a fresh full backup`
    : `${monitored.length - fresh} of ${plural(monitored.length, 'engine')} without a fresh full backup`;
}

function countFresh(monitored: readonly EngineSituation[]): number {
  return monitored.filter(({ freshness }) => freshness?.verdict === 'fresh').length;
}

function oldest(monitored: readonly EngineSituation[], now: number): Item[] {
  const some = monitored
    .filter(({ lastFullBackupAt }) => lastFullBackupAt !== null)
    .sort((a, b) => a.lastFullBackupAt! - b.lastFullBackupAt!)[0];
  if (!some) return [];
  const ageMs = Math.max(0, now - some.lastFullBackupAt!);
  return [{ text: `The oldest full backup is that of ${some.fqdn}: ${ageInWords(ageMs)} old` }];
}
