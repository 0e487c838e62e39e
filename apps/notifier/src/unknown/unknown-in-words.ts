import type { Finding, FindingKind, FindingOf } from '@backup-awareness/overview/judgement';
import { utc } from '../words/alert-in-words.js';

const NAMES_SHOWN_MAX = 5;

type Sentences = {
  readonly [Kind in FindingKind]?: (all: readonly FindingOf<Kind>[]) => string;
};

const SENTENCES: Sentences = {
  disabled: () => 'Checks are disabled (BackupCheckPeriodInHours is -1).',
  clock_behind: ([one]) =>
    `The database's clock was set back: it shows ${utc(one!.instants.clockAt)}, and a decision was made at ${utc(one!.instants.latestAt)}. ` +
    'Correct the clock, or run backup-awareness clock accept.',
  setting_unreadable: ([one]) => `A setting cannot be read: ${one!.parameters.reason}.`,
  check_overdue: ([one]) =>
    `The check due at ${utc(one!.instants.nextCheckAt)} has not been made. Look at the service freshness-checker.`,
  never_checked: () => 'No check has been made yet. Look at the service freshness-checker.',
  success_in_future: (all) =>
    `A success lies in the future: ${names(all)}. backup-awareness clock accept discounts it.`,
  engine_unjudgeable: (all) => `Cannot be judged: ${names(all)}.`,
  service_not_ready: (all) => all.map(serviceInWords).join(' '),
};

/** All reasons why the status is unknown, in sentences. */
export function unknownInWords(findings: readonly Finding[]): string {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.map((kind) => inWords(kind, findings)).join(' ');
}

function inWords<Kind extends FindingKind>(kind: Kind, findings: readonly Finding[]): string {
  const ofKind = findings.filter((one): one is FindingOf<Kind> => one.kind === kind);
  return SENTENCES[kind]?.(ofKind) ?? kind;
}

function serviceInWords({ parameters: { name, unready } }: FindingOf<'service_not_ready'>): string {
  switch (unready.kind) {
    case 'parts':
      return `${name} is not ready: ${unready.parts.map(({ part, reason }) => `${part}: ${reason}`).join('; ')}.`;
    case 'status':
      return `${name} is not ready: HTTP status ${unready.status}.`;
    case 'no_answer':
      return `${name} does not answer: ${unready.error}.`;
  }
}

function names(all: readonly { readonly parameters: { readonly fqdn: string } }[]): string {
  const shown = all.slice(0, NAMES_SHOWN_MAX).map(({ parameters: { fqdn } }) => fqdn);
  const more = all.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
