import { describe } from '@backup-awareness/contracts/plain';
import type { ListedAlert } from '@backup-awareness/database';
import type { Command } from 'commander';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from './arguments/command-context.js';
import { administer, readDatabase } from '../installation/database-session.js';
import {
  databaseToRead,
  findInstallation,
  requireDatabase,
} from '../installation/find-installation.js';
import { whoIs } from '../installation/who.js';
import { WrongUse } from '../output/failure.js';
import type { Cell } from '../output/table.js';
import { localTime } from '../words/local-time.js';
import { parseUntil, UNTIL_EXPECTED } from './arguments/parse-since.js';

interface DismissOptions extends ChangeOptions {
  readonly comment: string;
  readonly until?: string;
}

export function addAlertsCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('alerts')
    .description('alerts about engines without a fresh full backup, and backups that do not end');
  group
    .command('list')
    .description('list active alerts that are not dismissed')
    .option('--all', 'list cleared and dismissed ones too')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('dismiss')
    .description(
      'hide an alert from the list and from people; it stays active, and `check` still fails',
    )
    .argument('<ALERT_ID>', 'the id in the list')
    .requiredOption('--comment <TEXT>', 'why; kept in the audit log')
    .option(
      '--until <WHEN>',
      'when to show and send it again: a date and time, or 30m, 2h, 3d from now',
    )
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nWithout --until, it is hidden until it is cleared. The latest dismissal counts: dismiss it again to change comment or end.\n' +
        'Example: backup-awareness alerts dismiss ID --comment "moves to the new site" --until 2026-11-30T08:00:00Z',
    )
    .action((alertId: string, _options, command: Command) =>
      dismiss(alertId, command.optsWithGlobals(), context),
    );
}

async function list(
  { json, all = false }: GlobalOptions & { readonly all?: boolean },
  { environment, out }: CommandContext,
): Promise<void> {
  const url = databaseToRead(findInstallation(environment));
  const { listAlerts } = await import('@backup-awareness/database/lists');
  const { alerts, hidden } = await readDatabase(url, async (sql) => ({
    alerts: await listAlerts(sql, { all }),
    hidden: all ? 0 : await countDismissed(sql),
  }));
  if (json) {
    const { alertsListDocument } = await import('@backup-awareness/overview/documents');
    return out.json(alertsListDocument(alerts));
  }
  if (alerts.length === 0) out.line(all ? 'No alerts have been raised.' : 'No alerts are active.');
  else if (all) out.table(['ALERT ID', 'STATE', ...HEADER], alerts.map(rowWithState));
  else out.table(['ALERT ID', ...HEADER], alerts.map(row));
  if (hidden > 0) {
    const which = hidden === 1 ? '1 active alert is' : `${hidden} active alerts are`;
    const shown = hidden === 1 ? 'it' : 'them';
    out.line(`${which} dismissed and not shown here (--all shows ${shown}).`, 'yellow');
  }
}

async function countDismissed(sql: { query(text: string): Promise<unknown> }): Promise<number> {
  const rows = await sql.query(
    `SELECT count(*)::int AS count FROM alert JOIN alert_dismissal USING (alert_id)
     WHERE cleared_at IS NULL AND (dismissed_until IS NULL OR dismissed_until > statement_timestamp())`,
  );
  return (rows as [{ count: number }])[0].count;
}

/** A warning; the other alerts are critical. */
const ENGINE_BACKUP_STUCK = 'ENGINE_BACKUP_STUCK';

const HEADER = ['ENGINE', 'ALERT', 'SINCE', 'MESSAGE'];

function row({ alert_id: alertId, fqdn, alert, since, message }: ListedAlert): Cell[] {
  return [
    alertId,
    fqdn,
    { text: alert, style: alert === ENGINE_BACKUP_STUCK ? 'yellow' : 'red' },
    localTime(since),
    message,
  ];
}

function rowWithState(listed: ListedAlert): Cell[] {
  const [alertId = '', ...rest] = row(listed);
  return [alertId, stateOf(listed), ...rest];
}

function stateOf(listed: ListedAlert): Cell {
  const { active, cleared_at: clearedAt, reason } = listed;
  const state =
    active || clearedAt === null ? 'active' : `cleared ${localTime(clearedAt)} (${reason})`;
  const text = `${state}${dismissalInWords(listed)}`;
  return active ? { text, style: 'yellow' } : text;
}

function dismissalInWords(listed: ListedAlert): string {
  const { dismissed_at: at, dismissed_by: by, dismissed_until: until } = listed;
  if (at === null || by === null) return '';
  const end = until === null ? '' : ` until ${localTime(until)}`;
  const comment = listed.dismissal_comment === null ? '' : `: ${listed.dismissal_comment}`;
  return `, dismissed by ${by} at ${localTime(at)}${end}${comment}`;
}

async function dismiss(
  alertId: string,
  { by, json, comment, until }: DismissOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  // This machine's clock only validates the text; the instant itself follows the database's clock.
  readUntil(until, new Date());
  const url = requireDatabase(findInstallation(environment));
  const who = whoIs(environment, by);
  const result = await administer(url, ({ database, dataSource }) =>
    database.dismissAlert(dataSource, {
      alertId,
      who,
      comment,
      until: (now) => readUntil(until, now),
    }),
  );
  const { outcome, dismissedAt, dismissedBy, dismissedUntil } = result;
  if (json)
    return out.json({
      outcome,
      alert_id: result.alertId,
      dismissed_at: dismissedAt.toISOString(),
      dismissed_by: dismissedBy,
      dismissed_until: dismissedUntil?.toISOString() ?? null,
      dismissal_comment: result.comment,
    });
  const end = dismissedUntil === null ? '' : ` until ${localTime(dismissedUntil)}`;
  out.line(
    outcome === 'dismissed'
      ? `Alert ${result.alertId} is dismissed by ${dismissedBy}${end}. It stays active until it is cleared.`
      : `Alert ${result.alertId} was already dismissed by ${dismissedBy} at ${localTime(dismissedAt)}${end}.`,
  );
}

function readUntil(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const until = parseUntil(text, now);
  if (until) return until;
  throw new WrongUse(`--until: expected ${UNTIL_EXPECTED}, got ${describe(text)}`);
}
