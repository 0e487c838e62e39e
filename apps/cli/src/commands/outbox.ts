import type { ListedSetAside } from '@backup-awareness/database';
import type { Command } from 'commander';
import { administer, readDatabase } from '../installation/database-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { whoIs } from '../installation/who.js';
import type { Cell } from '../output/table.js';
import { localTime } from '../words/local-time.js';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from './arguments/command-context.js';

export function addOutboxCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('outbox')
    .description('events that were set aside, since they could not be published');
  group
    .command('list')
    .description('list them, the oldest first')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('retry')
    .description('have one published again')
    .argument('<ID>', 'the id in the list')
    .option('--comment <TEXT>', 'why; kept in the audit log')
    .option(...BY_OPTION)
    .action((id: string, _options, command: Command) =>
      settle(id, 'retried', command.optsWithGlobals(), context),
    );
  group
    .command('discard')
    .description('delete one')
    .argument('<ID>', 'the id in the list')
    .requiredOption('--comment <TEXT>', 'why; kept in the audit log')
    .option(...BY_OPTION)
    .action((id: string, _options, command: Command) =>
      settle(id, 'discarded', command.optsWithGlobals(), context),
    );
}

async function list({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  // The reader may not see what events say.
  const url = requireDatabase(findInstallation(environment));
  const { listSetAside } = await import('@backup-awareness/database/lists');
  const events = await readDatabase(url, (sql) => listSetAside(sql));
  if (json) {
    const { outboxListDocument } = await import('@backup-awareness/overview/documents');
    return out.json(outboxListDocument(events));
  }
  if (events.length === 0) return out.line('No events were set aside.');
  out.table(['ID', 'EVENT', 'SOURCE', 'SET ASIDE', 'ERROR'], events.map(row));
}

function row({ id, name, source, set_aside_at: at, last_error: error }: ListedSetAside): Cell[] {
  return [id, name, source, localTime(at), error ?? '-'];
}

async function settle(
  eventId: string,
  to: 'retried' | 'discarded',
  { by, json, comment }: ChangeOptions & { readonly comment?: string },
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const who = whoIs(environment, by);
  const id = eventId.trim().toLowerCase();
  await administer(url, ({ database, dataSource }) =>
    database.settleSetAside(
      dataSource,
      id,
      to === 'retried'
        ? { who, to, comment: comment ?? null }
        : { who, to, comment: comment ?? '' },
    ),
  );
  if (json) return out.json({ outcome: to, id });
  out.line(to === 'retried' ? `Event ${id} is pending again.` : `Event ${id} is discarded.`);
}
