import { describe } from '@backup-awareness/contracts/plain';
import type { ListedToken } from '@backup-awareness/database/access';
import { Option, type Command } from 'commander';
import { WrongUse } from '../../output/failure.js';
import { localTime } from '../../words/local-time.js';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
} from '../arguments/command-context.js';
import { addListCommand, addRevokeCommand, changeAccess } from './access-commands.js';

interface CreateOptions extends ChangeOptions {
  readonly role: string;
  readonly expires?: string;
}

export function addTokensCommand(program: Command, context: CommandContext): void {
  const group = program.command('tokens').description("tokens for the console's API");
  addListCommand(group, context, {
    description: 'list all tokens, without their secrets',
    read: ({ listTokens }, sql) => listTokens(sql),
    none: 'There are no tokens.',
    header: ['NAME', 'ROLE', 'STATE', 'CREATED', 'BY'],
    cells: (token) => [
      token.name,
      token.role,
      token.valid ? stateOf(token) : { text: stateOf(token), style: 'yellow' },
      localTime(token.created_at),
      token.created_by,
    ],
  });
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
  addRevokeCommand(group, context, {
    kind: 'Token',
    description: 'end a token and the sessions that it has begun, at once and for good',
    key: 'name',
    revoke: ({ revokeToken }, db, name, who) => revokeToken(db, { name, who }),
    expected: 'the name of a token',
  });
}

function stateOf({ valid, revoked_at: revoked, revoked_by: by, expires_at: expires }: ListedToken) {
  if (revoked !== null) return `revoked ${localTime(revoked)} by ${by}`;
  if (expires === null) return 'valid';
  return `${valid ? 'valid until' : 'expired'} ${localTime(expires)}`;
}

async function create(
  name: string,
  { role, expires, by, json }: CreateOptions,
  context: CommandContext,
): Promise<void> {
  const { out } = context;
  const expiresDays = expires === undefined ? {} : { expiresDays: readDays(expires) };
  const { secret, expiresAt } = await changeAccess(context, by, ({ createToken }, db, who) =>
    createToken(db, { name, role, who, ...expiresDays }),
  );
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
