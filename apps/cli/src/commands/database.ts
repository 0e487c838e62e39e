import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { databaseCertificates } from '../installation/certificates.js';
import { databaseFailure, readDatabase } from '../installation/database-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import {
  knownPasswords,
  OPTIONAL_ROLES,
  REQUIRED_ROLES,
  requirePasswords,
  ROLE_PASSWORDS,
} from '../installation/passwords.js';

export function addDatabaseCommand(program: Command, context: CommandContext): void {
  program
    .command('database')
    .description("the database's schema and roles")
    .command('apply')
    .description('bring the schema up to date and set up the roles')
    .addHelpText(
      'after',
      `\nThe roles get their passwords from ${Object.values(REQUIRED_ROLES).join(', ')}, and from ${Object.values(OPTIONAL_ROLES).join(', ')} (each also as NAME_FILE, a file that contains it). Those of npm start are found by themselves.\n` +
        "The reader's role is for monitoring: it can read and change nothing. Without their passwords the roles of notifier, console and reader cannot log in.\n" +
        'Running this several times at once is safe.',
    )
    .action((_options, command: Command) => apply(command.optsWithGlobals(), context));
}

async function apply({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const installation = findInstallation(environment);
  const url = requireDatabase(installation);
  const known = knownPasswords(environment, installation, ROLE_PASSWORDS);
  const passwords = {
    ...known,
    ...requirePasswords<keyof typeof REQUIRED_ROLES>(known, REQUIRED_ROLES),
  };
  const [{ name }] = await readDatabase<[{ name: string }]>(url, (sql) =>
    sql.query('SELECT current_database() AS name'),
  );
  const { applyRoles, applySchema, DATABASE_ROLES, roleName } =
    await import('@backup-awareness/database/schema');
  try {
    const readTls = databaseCertificates(url, environment);
    await applySchema(url, readTls);
    await applyRoles(url, passwords, readTls);
  } catch (error) {
    throw databaseFailure(error, url);
  }
  const roles = Object.fromEntries(DATABASE_ROLES.map((role) => [role, roleName(name, role)]));
  if (json) return out.json({ database: name, schema: 'up to date', roles });
  out.line(`The schema of ${name} is up to date.`);
  out.line(`Its roles are set up: ${Object.values(roles).join(', ')}.`);
  for (const [role, variable] of Object.entries(OPTIONAL_ROLES))
    if (known[role as keyof typeof known] === undefined)
      out.line(`${roles[role]} cannot log in: ${variable} is not set.`);
}
