import { describe } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '@backup-awareness/database/connection';
import { calendarMonth, type TimeSpan } from '@backup-awareness/freshness';
import { readMonthReport, type MonthReport } from '@backup-awareness/overview/judgement';
import type { HistoryBasis } from '@backup-awareness/overview/state';
import { Option, type Command } from 'commander';
import { databaseToRead, findInstallation } from '../installation/find-installation.js';
import { requireKnownTime } from '../installation/known-time.js';
import { readHistory } from '../installation/read-history.js';
import { WrongUse } from '../output/failure.js';
import type { ShowProgress } from '../output/progress.js';
import { showReport, type ReportFormat } from '../output/report/show-report.js';
import { utcTime } from '@backup-awareness/overview/month-page';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';

const FORMATS: readonly ReportFormat[] = ['table', 'csv', 'json', 'html'];

interface ReportOptions extends GlobalOptions {
  readonly month: string;
  readonly format?: ReportFormat;
}

export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command('report')
    .description('show for a month how far each engine was covered by its backups')
    .requiredOption('--month <YYYY-MM>', 'the month, in UTC')
    .addOption(new Option('--format <FORMAT>', 'the format, table unless given').choices(FORMATS))
    .addHelpText(
      'after',
      '\nA moment is covered when the last full backup reported by then was within its maximum age, with the settings of that moment.\n' +
        'Time in which the engine was not monitored or the feature was disabled does not count, and is shown separately.\n' +
        'All times are in UTC. CSV has a line for each engine and a last one for all; HTML is one page without scripts, for print.\n' +
        '\nExample:\n  backup-awareness report --month 2026-10 --format html > report.html',
    )
    .action((_options, command: Command) => report(command.optsWithGlobals(), context));
}

async function report(
  options: ReportOptions,
  { environment, out, withProgress }: CommandContext,
): Promise<void> {
  const format = readFormat(options);
  const { month, span } = readMonth(options.month);
  const url = databaseToRead(findInstallation(environment));
  const found = await withProgress('Reading engines', (show) =>
    readHistory(url, (sql, basis) => read(sql, basis, { month, span, show })),
  );
  await showReport(found, format, out);
}

function readFormat({ format, json }: ReportOptions): ReportFormat {
  if (json && format !== undefined && format !== 'json')
    throw new WrongUse(`expected either --json or --format ${format}, got both`);
  return json ? 'json' : (format ?? 'table');
}

function readMonth(text: string): { month: string; span: TimeSpan } {
  const span = calendarMonth(text);
  if (span) return { month: text, span };
  throw new WrongUse(`--month: expected a month as 2026-11, got ${describe(text)}`);
}

/** @throws WrongUse for a month that has not begun; an error if its beginning is no longer known */
async function read(
  sql: SqlRunner,
  basis: HistoryBasis,
  { month, span: wanted, show }: { month: string; span: TimeSpan; show: ShowProgress },
): Promise<MonthReport> {
  if (wanted.from >= basis.now)
    throw new WrongUse(
      `--month: expected a month that has begun, got ${month}; it is now ${utcTime(basis.now)}`,
    );
  if (wanted.until > basis.now) requireKnownTime(basis);
  requireKnown(basis, month, wanted);
  return readMonthReport(sql, basis, { month, span: wanted, onProgress: show });
}

function requireKnown(
  { knownSinceAt, unrecordedChange: change }: HistoryBasis,
  month: string,
  { from }: TimeSpan,
): void {
  if (knownSinceAt === null || knownSinceAt <= from) return;
  const why =
    change && change.at === knownSinceAt
      ? `the change of ${change.setting} at that time is not in the audit log yet, which needs freshness-checker and audit to run`
      : 'the audit log does not have the changes before it';
  throw new Error(
    `the past is unknown before ${utcTime(knownSinceAt)}, and ${month} begins earlier: ${why}`,
  );
}
