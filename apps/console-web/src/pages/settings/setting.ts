import type { Answer } from '../../api/use-answer.js';
import { words } from '../../words/words.js';

export type Setting = Answer<'/settings'>[number];

type Group = keyof typeof words.settings.groups;

const GROUP_OF: Readonly<Record<string, Group>> = {
  BackupCheckPeriodInHours: 'checks',
  BackupAlertPeriodInDays: 'checks',
  BackupStuckAfterInHours: 'checks',
  BackupExcludedTables: 'hosts',
  BackupExcludeMode: 'hosts',
  EngineRegistrationMax: 'logs',
  BackupLogRetentionInDays: 'logs',
  AuditLogRetentionInDays: 'logs',
};
const ORDER = Object.keys(GROUP_OF);

/** Settings by what they are about, in a fixed order; those that this page does not know come last. */
export function groupsOf(
  settings: readonly Setting[],
): readonly { readonly group: Group; readonly settings: readonly Setting[] }[] {
  const placeOf = ({ name }: Setting) => (name in GROUP_OF ? ORDER.indexOf(name) : ORDER.length);
  const sorted = [...settings].sort((a, b) => placeOf(a) - placeOf(b));
  return (Object.keys(words.settings.groups) as Group[])
    .map((group) => ({
      group,
      settings: sorted.filter(({ name }) => (GROUP_OF[name] ?? 'other') === group),
    }))
    .filter(({ settings: ofGroup }) => ofGroup.length > 0);
}

/** What a setting is called; its own name where this page does not know it. */
export function titleOf(name: string): string {
  return words.settings.title[name as keyof typeof words.settings.title] ?? name;
}

/** A value with its unit: `6 hours`; `-1 (off)`. */
export function valueInWords(name: string, value: string): string {
  const { unit, minusOne } = words.settings;
  if (value === OFF && name in minusOne)
    return `${OFF} (${minusOne[name as keyof typeof minusOne]})`;
  if (!(name in unit)) return value.replaceAll(',', ', ');
  const [one, many] = unit[name as keyof typeof unit];
  return `${value} ${value === '1' ? one : many}`;
}

export const OFF = '-1';

/** A description of the API as a sentence. */
export function sentenceOf(description: string): string {
  return `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
}
