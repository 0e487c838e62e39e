import type { TroubleOutcome } from './run-trouble.js';
import type { Trouble } from './troubles/trouble.js';
import { seconds, type Verdict } from './verdict.js';

/** The outcome of a trouble and its verdict, or why it is not available on this machine. */
export type Result =
  | { readonly trouble: Trouble; readonly notAvailable: string }
  | { readonly trouble: Trouble; readonly outcome: TroubleOutcome; readonly verdict: Verdict };

const HEADINGS = [
  ...['trouble', 'times', 'events', 'per s', 'lost', 'doubled', 'strange', 'unpaired', 'misjudged'],
  ...['recovery', 'longest', 'reached'],
];

/** The table of all troubles, followed by the equations of each. */
export function resultTable(results: readonly Result[]): string {
  const rows = [HEADINGS, ...results.map(cells)];
  const widths = HEADINGS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) =>
        i === 0 || i === row.length - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', ...results.flatMap(equations), ''].join('\n');
}

/** The line for one trouble, shown as soon as it is over. */
export function resultLine(result: Result): string {
  if ('notAvailable' in result)
    return `${result.trouble.what}: not available (${result.notAvailable})`;
  const { isReached, reasons } = result.verdict;
  return [
    `${result.trouble.what}: ${isReached ? 'reached' : 'NOT reached'}`,
    ...reasons.map((reason) => `    ${reason}`),
  ].join('\n');
}

function cells(result: Result): string[] {
  const { trouble } = result;
  if ('notAvailable' in result)
    return [trouble.what, ...Array<string>(HEADINGS.length - 2).fill('–'), 'not available'];
  const { outcome, verdict } = result;
  const { balances, made } = outcome;
  const sum = (count: (balance: (typeof balances)[number]) => number): string =>
    String(balances.reduce((total, balance) => total + count(balance), 0));
  const recoveries = [...(made?.recoveriesMs ?? [])].sort((a, b) => a - b);
  const timeOf = (ms: number | undefined): string => (ms === undefined ? '–' : seconds(ms));
  return [
    trouble.what,
    String(made?.times ?? '–'),
    String(balances[0]?.confirmed ?? '–'),
    outcome.perSecond.toFixed(0),
    sum(({ lost }) => lost.length),
    sum(({ doubled }) => doubled.length),
    String(Number(sum(({ strange }) => strange.length)) + outcome.strangers),
    String(outcome.unpaired.length),
    sum(({ misjudged }) => misjudged.length),
    timeOf(recoveries[Math.floor(recoveries.length / 2)]),
    timeOf(recoveries.at(-1)),
    verdict.isReached ? 'yes' : 'NO',
  ];
}

function equations(result: Result): string[] {
  if ('notAvailable' in result) return [];
  const { balances, made } = result.outcome;
  const notes = (made?.notes ?? []).map((note) => `${result.trouble.what}: ${note}`);
  const lines = balances.map(
    ({ table, confirmed, stored, deduplicated, deadLettered }) =>
      `${result.trouble.what}, ${table}: ${confirmed} confirmed, ${stored} stored + ${deduplicated} deduplicated + ${deadLettered} dead-lettered = ${stored + deduplicated + deadLettered}`,
  );
  return [...lines, ...notes];
}
