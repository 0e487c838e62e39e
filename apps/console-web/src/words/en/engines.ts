import { formatCount } from '../../time/format.js';

const inDays = (days: number) => (days === 1 ? '1 day' : `${formatCount(days)} days`);

export const engines = {
  title: 'Engines',
  search: 'Search by name',
  clear: 'Clear',
  verdict: 'Verdict',
  anyVerdict: 'Any verdict',
  sort: 'Sort by',
  sorts: { worst: 'Worst first', fqdn: 'Name', age: 'Oldest backup first' },
  share: (from: string, below: string | null) =>
    below === null
      ? `Age: ${from} of the allowed age and more`
      : `Age: ${from} to ${below} of the allowed age`,
  removeShare: 'Remove the filter by age',
  total: (count: number) => (count === 1 ? '1 engine' : `${formatCount(count)} engines`),
  changed: (count: number) => `${formatCount(count)} changed — show`,
  columns: {
    fqdn: 'Engine',
    verdict: 'Verdict',
    age: 'Last full backup',
    share: 'Age',
    turns: 'Turns too old',
    actions: 'Actions',
  },
  never: 'never',
  shareOf: (share: string, days: number) => `${share} of ${inDays(days)}`,
  allowed: (days: number) => `${inDays(days)} allowed`,
  changedRow: 'changed',
  loadingMore: 'Loading more engines',
  none: 'No engine matches',
  noneText: 'Change the search or the filter.',
  clearAll: 'Clear all filters',
  noEngine: 'No engine is monitored yet',
  noEngineText: 'Add the first one here or by the command line.',
  noEngineCommand: 'backup-awareness engines add FQDN',
  tableLabel: 'Engines',
  actions: {
    of: (fqdn: string) => `Actions for ${fqdn}`,
    open: 'Open',
    setPeriod: 'Set alert period',
    retire: 'Retire',
    resume: 'Resume monitoring',
    add: 'Add engine',
  },
  add: {
    title: 'Add an engine',
    fqdn: 'Host name',
    fqdnHelp: 'As the engine reports itself, such as engine.example.com.',
    period: 'Alert period in days',
    periodHelp: 'How old its last full backup may be. Empty: the general setting.',
    effect: 'It is monitored at once. Until its first full backup there is an alert for it.',
    submit: 'Add',
  },
} as const;
