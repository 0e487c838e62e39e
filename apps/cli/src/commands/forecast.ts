import { describe } from '@backup-awareness/contracts/plain';
import { durationInWords, hoursToMs } from '@backup-awareness/freshness';
import { forecast as forecastOf, type Forecast } from '@backup-awareness/overview/judgement';
import { readProductState } from '@backup-awareness/overview/state';
import type { Command } from 'commander';
import { readDatabase } from '../installation/database-session.js';
import { databaseToRead, findInstallation } from '../installation/find-installation.js';
import { requireKnownTime } from '../installation/known-time.js';
import { WrongUse } from '../output/failure.js';
import { unreadableSettingInWords } from '../words/findings-in-words.js';
import { localTime, localTimeAndDistance } from '../words/local-time.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';

const HOURS_DEFAULT = '48';
const HOURS_MAX = 87_600;
const PLAIN_DECIMAL = /^\d{1,5}(\.\d{1,6})?$/;

interface ForecastOptions extends GlobalOptions {
  readonly hours: string;
}

export function addForecastCommand(program: Command, context: CommandContext): void {
  program
    .command('forecast')
    .description('show which engines turn too old, and when, if no more backups are reported')
    .option('--hours <HOURS>', 'how far to look ahead', HOURS_DEFAULT)
    .addHelpText(
      'after',
      '\nAn engine turns too old when its last full backup exceeds its maximum age; the next check after that raises the alert.\n' +
        'SHORT OF is what a full backup lacks first: the older one of db and files.\n' +
        'Engines that are too old already, or have no full backup, are not listed: see backup-awareness status.',
    )
    .action((_options, command: Command) => forecast(command.optsWithGlobals(), context));
}

async function forecast(
  { hours, json }: ForecastOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const count = readHours(hours);
  const url = databaseToRead(findInstallation(environment));
  const product = await readDatabase(url, (sql) => readProductState(sql));
  requireKnownTime(product);
  if (!product.settings.ok)
    throw new Error(unreadableSettingInWords(product.settings.invalid.reason));
  const found = forecastOf(product, count)!;
  if (json) {
    const { forecastDocument } = await import('@backup-awareness/overview/documents');
    return out.json(forecastDocument(found));
  }
  if (product.settings.value.checkPeriodHours === null)
    out.line('The feature is disabled: no check will raise an alert.', 'yellow');
  show(found, count, out);
}

function readHours(text: string): number {
  const hours = Number(text);
  if (PLAIN_DECIMAL.test(text) && hours > 0 && hours <= HOURS_MAX) return hours;
  throw new WrongUse(
    `--hours: expected a plain decimal number of hours above 0, at most ${HOURS_MAX}, got ${describe(text)}`,
  );
}

function show(found: Forecast, hours: number, out: CommandContext['out']): void {
  const { turns, byHour, now, tooOld, withoutFullBackup, unknown } = found;
  const within = `the next ${durationInWords(hoursToMs(hours))}`;
  if (turns.length === 0) out.line(`No engine turns too old within ${within}.`);
  else {
    out.table(
      ['ENGINE', 'TURNS TOO OLD', 'CHECK', 'SHORT OF', 'LAST FULL BACKUP'],
      turns.map(({ fqdn, turnsAt, checkAt, shortScope, lastFullBackupAt }) => [
        fqdn,
        localTimeAndDistance(turnsAt, now),
        checkAt === null ? 'none' : localTime(checkAt),
        shortScope,
        localTime(lastFullBackupAt),
      ]),
    );
    if (byHour.length > 1) {
      out.line();
      out.table(
        ['HOUR', 'ENGINES'],
        byHour.map(({ hourAt, count }) => [localTime(hourAt), String(count)]),
      );
    }
  }
  if (tooOld + withoutFullBackup > 0)
    out.line(`Already too old: ${tooOld}; without a full backup: ${withoutFullBackup}.`, 'yellow');
  if (unknown.length > 0)
    out.line(
      `Unknown for ${unknown.length}: ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ', …' : ''}.`,
      'yellow',
    );
}
