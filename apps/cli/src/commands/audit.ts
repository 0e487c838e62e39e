import type { SqlRunner } from '@backup-awareness/database/connection';
import { describe } from '@backup-awareness/contracts/plain';
import type { ListedAudit } from '@backup-awareness/database';
import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { readDatabase, followDatabase } from '../installation/database-session.js';
import { WrongUse } from '../output/failure.js';
import { findInstallation, databaseToRead } from '../installation/find-installation.js';
import { followAudit } from '../output/follow-audit.js';
import { showError } from '../output/show-error.js';
import { untilInterrupted } from '../output/until-interrupted.js';
import { localTime } from '../words/local-time.js';
import { requireFqdn } from './arguments/fqdn.js';
import { readLimit } from './arguments/limit.js';
import { parseSince, SINCE_EXPECTED } from './arguments/parse-since.js';
import type { Cell, Style } from '../output/table.js';

const LIMIT_DEFAULT = 100;

interface AuditOptions extends GlobalOptions {
  readonly since?: string;
  readonly fqdn?: string;
  readonly follow?: true;
  readonly limit?: string;
}

export function addAuditCommand(program: Command, context: CommandContext): void {
  program
    .command('audit')
    .description('show the audit log: reports, alerts, and changes by administrators')
    .option(
      '--since <WHEN>',
      'only entries since then: a date and time, or an age like 30m, 2h, 3d',
    )
    .option('--fqdn <FQDN>', 'only entries about this engine')
    .option('--follow', 'keep showing new entries until Ctrl-C')
    .option('--limit <COUNT>', `only the newest COUNT entries (default ${LIMIT_DEFAULT})`)
    .addHelpText(
      'after',
      '\n--follow outlasts an outage of the database, which it reports on standard error. With --json it prints one object per line.\n\n' +
        'Example:\n  backup-awareness audit --since 2d --fqdn engine.example.com',
    )
    .action((_options, command: Command) => audit(command.optsWithGlobals(), context));
}

async function audit(options: AuditOptions, { environment, out }: CommandContext): Promise<void> {
  const limit = readLimit(options.limit, LIMIT_DEFAULT);
  const fqdn = options.fqdn === undefined ? undefined : requireFqdn(options.fqdn, '--fqdn');
  // Only to refuse an invalid value early; the database's clock counts.
  readSince(options.since, new Date());
  const url = databaseToRead(findInstallation(environment));
  const { listAudit } = await import('@backup-awareness/database/lists');
  // The schemas are loaded only for --json.
  const documents = options.json ? await import('@backup-awareness/overview/documents') : undefined;
  if (options.follow) {
    const show = (row: ListedAudit) =>
      documents ? out.jsonLine(documents.auditRowDocument(row)) : out.rows([cells(row)]);
    const follow = {
      findUrl: () => databaseToRead(findInstallation(environment)),
      onOutage: (reason: string | undefined) =>
        showError(reason === undefined ? 'the database answers again' : `${reason}; trying again`),
    };
    return untilInterrupted(
      followDatabase(follow, async (sql) => {
        const since = readSince(options.since, await readClock(sql));
        const onReplaced = () =>
          showError(
            'the newest entry that was shown is no longer there: the audit log was restored or entries were removed; its newest entries follow',
          );
        await followAudit((query) => listAudit(sql, { ...query, since, fqdn }), {
          limit,
          show,
          onReplaced,
        });
      }),
    );
  }
  const rows = await readDatabase(url, async (sql) => {
    const since = readSince(options.since, await readClock(sql));
    // One more than is shown, to know whether there are more.
    return listAudit(sql, { since, fqdn, limit: limit + 1 });
  });
  const shown = rows.slice(-limit);
  if (documents) return out.json(documents.auditDocument(shown));
  if (rows.length === 0) return out.line('No matching audit entries.');
  if (rows.length > limit)
    out.line(`Only the newest ${limit} are shown; --limit shows more.`, 'dim');
  out.table(['TIME', 'SEVERITY', 'TYPE', 'ENGINE', 'MESSAGE'], shown.map(cells));
}

function readSince(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const since = parseSince(text, now);
  if (since !== undefined) return since;
  throw new WrongUse(`--since: expected ${SINCE_EXPECTED}, got ${describe(text)}`);
}

async function readClock(sql: SqlRunner): Promise<Date> {
  const [row]: { now: Date }[] = await sql.query('SELECT clock_timestamp() AS now');
  return row?.now ?? new Date();
}

const SEVERITIES: Readonly<Record<number, { text: string; style: Style }>> = {
  0: { text: 'normal', style: 'dim' },
  1: { text: 'warning', style: 'yellow' },
  2: { text: 'error', style: 'red' },
  10: { text: 'alert', style: 'red' },
};

function cells(row: ListedAudit): Cell[] {
  return [
    localTime(row.log_time),
    SEVERITIES[row.severity] ?? String(row.severity),
    row.log_type_name,
    row.fqdn ?? '-',
    row.message,
  ];
}
