import type { ServiceRole } from '@backup-awareness/database';
import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { databaseFailure, readDatabase } from '../installation/database-session.js';
import { readPasswords, readVariable } from '../installation/environment.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';

const PASSWORD_VARIABLES = {
  ingest: 'INGEST_DATABASE_PASSWORD',
  checker: 'CHECKER_DATABASE_PASSWORD',
  audit: 'AUDIT_DATABASE_PASSWORD',
} as const satisfies Record<ServiceRole, string>;
/** An installation may do without these: their roles cannot log in then. */
const OPTIONAL_VARIABLES = {
  notifier: 'NOTIFIER_DATABASE_PASSWORD',
  reader: 'READER_DATABASE_PASSWORD',
} as const;

export function addDatabaseCommand(program: Command, context: CommandContext): void {
  program
    .command('database')
    .description("the database's schema and roles")
    .command('apply')
    .description('bring the schema up to date and set up the roles')
    .addHelpText(
      'after',
      `\nThe roles get their passwords from ${Object.values(PASSWORD_VARIABLES).join(', ')}, and from ${Object.values(OPTIONAL_VARIABLES).join(', ')} (each also as NAME_FILE, a file that contains it).\n` +
        "The reader's role is for monitoring: it can read and change nothing. Without their passwords the notifier's and the reader's role cannot log in.\n" +
        'Running this several times at once is safe.',
    )
    .action((_options, command: Command) => apply(command.optsWithGlobals(), context));
}

async function apply({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const passwords = readPasswords<ServiceRole>(environment, PASSWORD_VARIABLES);
  const optional = Object.entries(OPTIONAL_VARIABLES).map(
    ([role, variable]) => [role, readVariable(environment, variable)] as const,
  );
  const given = Object.fromEntries(optional.filter(([, password]) => password !== undefined));
  const url = requireDatabase(findInstallation(environment));
  const [{ name }] = await readDatabase<[{ name: string }]>(url, (sql) =>
    sql.query('SELECT current_database() AS name'),
  );
  const { applyRoles, applySchema, DATABASE_ROLES, roleName } =
    await import('@backup-awareness/database/schema');
  try {
    await applySchema(url);
    await applyRoles(url, { ...passwords, ...given });
  } catch (error) {
    throw databaseFailure(error, url);
  }
  const roles = Object.fromEntries(DATABASE_ROLES.map((role) => [role, roleName(name, role)]));
  if (json) return out.json({ database: name, schema: 'up to date', roles });
  out.line(`The schema of ${name} is up to date.`);
  out.line(`Its roles are set up: ${Object.values(roles).join(', ')}.`);
  for (const [role, variable] of Object.entries(OPTIONAL_VARIABLES))
    if (given[role] === undefined)
      out.line(`${roles[role]} cannot log in: ${variable} is not set.`);
}
