import { describe } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '@backup-awareness/database/connection';
import type { Command } from 'commander';
import {
  administer,
  readDatabase,
  type Administration,
} from '../../installation/database-session.js';
import { findInstallation, requireDatabase } from '../../installation/find-installation.js';
import { whoIs } from '../../installation/who.js';
import { WrongUse } from '../../output/failure.js';
import type { Cell } from '../../output/table.js';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from '../arguments/command-context.js';

type Access = typeof import('@backup-awareness/database/access');
type Db = Administration['dataSource'];

/** How all of one kind of access to the console are listed. */
export interface AccessList<Row> {
  readonly description: string;
  readonly help?: string;
  readonly read: (access: Access, sql: SqlRunner) => Promise<readonly Row[]>;
  /** What is said where there are none. */
  readonly none: string;
  readonly header: readonly string[];
  readonly cells: (row: Row) => readonly Cell[];
}

/** Adds `list` to the commands about one kind of access. */
export function addListCommand<Row>(
  group: Command,
  { environment, out }: CommandContext,
  { description, help = '', read, none, header, cells }: AccessList<Row>,
): void {
  group
    .command('list')
    .description(description)
    .addHelpText('after', help)
    .action(async (_options, command: Command) => {
      const access = await import('@backup-awareness/database/access');
      const url = requireDatabase(findInstallation(environment));
      const rows = await readDatabase(url, (sql) => read(access, sql));
      if (command.optsWithGlobals<GlobalOptions>().json) return out.json(rows);
      if (rows.length === 0) return out.line(none);
      out.table(header, rows.map(cells));
    });
}

/** How one of a kind of access to the console is ended. */
export interface AccessRevocation {
  /** Its kind, as a sentence begins. */
  readonly kind: 'Badge' | 'Token' | 'Session';
  readonly description: string;
  readonly help?: string;
  /** What names it: the argument, and its name in JSON. */
  readonly key: 'id' | 'name';
  readonly revoke: (
    access: Access,
    db: Db,
    key: string,
    who: string,
  ) => Promise<'revoked' | 'already_revoked' | 'unknown_token' | 'unknown_session'>;
  /** What the argument has to be, where the outcome may be that it is unknown. */
  readonly expected?: string;
}

/** Adds `revoke` to the commands about one kind of access. */
export function addRevokeCommand(
  group: Command,
  context: CommandContext,
  { kind, description, help = '', key, revoke, expected }: AccessRevocation,
): void {
  group
    .command('revoke')
    .description(description)
    .argument(`<${key.toUpperCase()}>`, `its ${key} in the list`)
    .option(...BY_OPTION)
    .addHelpText('after', help)
    .action(async (one: string, _options, command: Command) => {
      const { by, json } = command.optsWithGlobals<ChangeOptions>();
      const outcome = await changeAccess(context, by, (access, db, who) =>
        revoke(access, db, one, who),
      );
      if (outcome === 'unknown_token' || outcome === 'unknown_session')
        throw new WrongUse(
          `expected ${expected} (see backup-awareness ${group.name()} list), got ${describe(one)}`,
        );
      if (json) return context.out.json({ outcome, [key]: one });
      const was = outcome === 'revoked' ? 'is revoked' : 'was revoked already';
      context.out.line(`${kind} ${one} ${was}.`);
    });
}

/** Changes who has access, in the name of the author. @throws Unreachable if the database does not answer */
export async function changeAccess<T>(
  { environment }: CommandContext,
  by: string | undefined,
  change: (access: Access, db: Db, who: string) => Promise<T>,
): Promise<T> {
  const url = requireDatabase(findInstallation(environment));
  const access = await import('@backup-awareness/database/access');
  return administer(url, ({ dataSource }) => change(access, dataSource, whoIs(environment, by)));
}
