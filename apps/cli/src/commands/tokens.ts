import type { ListedToken } from '@backup-awareness/database/access';
import { describe } from '@backup-awareness/contracts/plain';
import { Option, type Command } from 'commander';
import { administer, readDatabase } from '../installation/database-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { whoIs } from '../installation/who.js';
import { WrongUse } from '../output/failure.js';
import { localTime } from '../words/local-time.js';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from './arguments/command-context.js';

interface CreateOptions extends ChangeOptions {
  readonly role: string;
  readonly expires?: string;
}

export function addTokensCommand(program: Command, context: CommandContext): void {
  const group = program.command('tokens').description("tokens for the console's API");
  group
    .command('list')
    .description('list all tokens, without their secrets')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('create')
    .description('create a token, and show it once')
    .argument('<NAME>', 'who uses it; the audit log names it as token:NAME')
    .addOption(
      new Option('--role <ROLE>', 'viewer reads, operator also changes')
        .choices(['viewer', 'operator'])
        .makeOptionMandatory(),
    )
    .option('--expires <DAYS>', 'when it expires; never unless given')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nThe database keeps only the SHA-256 of a token: one that is lost has to be revoked and another created.\n' +
        'Example: backup-awareness tokens create reports --role viewer --expires 90',
    )
    .action((name: string, _options, command: Command) =>
      create(name, command.optsWithGlobals(), context),
    );
  group
    .command('revoke')
    .description('end a token and the sessions that it has begun, at once and for good')
    .argument('<NAME>', 'its name in the list')
    .option(...BY_OPTION)
    .action((name: string, _options, command: Command) =>
      revoke(name, command.optsWithGlobals(), context),
    );
}

async function list({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const { listTokens } = await import('@backup-awareness/database/access');
  const tokens = await readDatabase(requireDatabase(findInstallation(environment)), listTokens);
  if (json) return out.json(tokens);
  if (tokens.length === 0) return out.line('There are no tokens.');
  out.table(
    ['NAME', 'ROLE', 'STATE', 'CREATED', 'BY'],
    tokens.map((token) => [
      token.name,
      token.role,
      token.valid ? stateOf(token) : { text: stateOf(token), style: 'yellow' as const },
      localTime(token.created_at),
      token.created_by,
    ]),
  );
}

function stateOf({ valid, revoked_at: revoked, revoked_by: by, expires_at: expires }: ListedToken) {
  if (revoked !== null) return `revoked ${localTime(revoked)} by ${by}`;
  if (expires === null) return 'valid';
  return `${valid ? 'valid until' : 'expired'} ${localTime(expires)}`;
}

async function create(
  name: string,
  { role, expires, by, json }: CreateOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const expiresDays = expires === undefined ? {} : { expiresDays: readDays(expires) };
  const url = requireDatabase(findInstallation(environment));
  const { createToken } = await import('@backup-awareness/database/access');
  const created = await administer(url, ({ dataSource }) =>
    createToken(dataSource, { name, role, who: whoIs(environment, by), ...expiresDays }),
  );
  const { secret, expiresAt } = created;
  if (json)
    return out.json({ name, role, expires_at: expiresAt?.toISOString() ?? null, token: secret });
  const end = expiresAt === null ? '' : ` until ${localTime(expiresAt.toISOString())}`;
  out.line(`Token ${name} is created, with the role ${role}${end}. It is shown only now:`);
  out.line(secret);
}

function readDays(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new WrongUse(`--expires: expected a whole number of days, got ${describe(text)}`);
}

async function revoke(
  name: string,
  { by, json }: ChangeOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const { revokeToken } = await import('@backup-awareness/database/access');
  const outcome = await administer(url, ({ dataSource }) =>
    revokeToken(dataSource, { name, who: whoIs(environment, by) }),
  );
  if (outcome === 'unknown_token')
    throw new WrongUse(
      `expected the name of a token (see backup-awareness tokens list), got ${describe(name)}`,
    );
  if (json) return out.json({ outcome, name });
  out.line(
    outcome === 'revoked' ? `Token ${name} is revoked.` : `Token ${name} was revoked already.`,
  );
}
