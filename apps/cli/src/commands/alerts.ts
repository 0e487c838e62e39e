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
import { localTime } from '../words/local-time.js';
import type { Cell } from '../output/table.js';
import { whoIs } from '../installation/who.js';

export function addAlertsCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('alerts')
    .description('alerts about engines without a fresh full backup');
  group
    .command('list')
    .description('list active alerts that are not dismissed')
    .option('--all', 'list cleared and dismissed ones too')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('dismiss')
    .description('hide an alert from the list; it stays active, and `check` still fails')
    .argument('<ALERT_ID>', 'the id in the list')
    .option(...BY_OPTION)
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
    `SELECT count(*)::int AS count FROM alert JOIN alert_dismissal USING (alert_id) WHERE cleared_at IS NULL`,
  );
  return (rows as [{ count: number }])[0].count;
}

const HEADER = ['ENGINE', 'ALERT', 'SINCE', 'MESSAGE'];

function row({ alert_id: alertId, fqdn, alert, since, message }: ListedAlert): Cell[] {
  return [alertId, fqdn, { text: alert, style: 'red' }, localTime(since), message];
}

function rowWithState(listed: ListedAlert): Cell[] {
  const [alertId = '', ...rest] = row(listed);
  return [alertId, stateOf(listed), ...rest];
}

function stateOf(listed: ListedAlert): Cell {
  const { active, cleared_at: clearedAt, reason, dismissed_by: dismissedBy } = listed;
  const state =
    active || clearedAt === null ? 'active' : `cleared ${localTime(clearedAt)} (${reason})`;
  const text = dismissedBy === null ? state : `${state}, dismissed by ${dismissedBy}`;
  return active ? { text, style: 'yellow' } : text;
}

async function dismiss(
  alertId: string,
  { by, json }: ChangeOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const who = whoIs(environment, by);
  const result = await administer(url, ({ database, dataSource }) =>
    database.dismissAlert(dataSource, { alertId, who }),
  );
  const { outcome, dismissedAt, dismissedBy } = result;
  if (json)
    return out.json({
      outcome,
      alert_id: result.alertId,
      dismissed_at: dismissedAt.toISOString(),
      dismissed_by: dismissedBy,
    });
  out.line(
    outcome === 'dismissed'
      ? `Alert ${result.alertId} is dismissed by ${dismissedBy}. It stays active until it is cleared.`
      : `Alert ${result.alertId} was already dismissed by ${dismissedBy} at ${localTime(dismissedAt)}.`,
  );
}
