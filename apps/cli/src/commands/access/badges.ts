import type { Command } from 'commander';
import { localTime } from '../../words/local-time.js';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
} from '../arguments/command-context.js';
import { addListCommand, addRevokeCommand, changeAccess } from './access-commands.js';

interface CreateOptions extends ChangeOptions {
  readonly fqdn?: string;
}

export function addBadgesCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('badges')
    .description('images that show how backups stand to anybody who knows their address');
  addListCommand(group, context, {
    description: 'list all badges, without their addresses',
    read: ({ listBadges }, sql) => listBadges(sql),
    none: 'There are no badges.',
    header: ['ID', 'ENGINE', 'STATE', 'CREATED', 'BY'],
    cells: ({ id, fqdn, created_at, created_by, revoked_at, revoked_by }) => [
      id,
      fqdn ?? '(all)',
      revoked_at === null ? 'valid' : `revoked ${localTime(revoked_at)} by ${revoked_by}`,
      localTime(created_at),
      created_by,
    ],
  });
  group
    .command('create')
    .description('create a badge, and show its address once')
    .option('--fqdn <FQDN>', 'about this engine; about all engines unless given')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nA badge says up, late (a full backup is too old), down (there is none) or unknown, and no names. It needs no signing in: keep its address to yourself.\n' +
        'Example: backup-awareness badges create --fqdn engine.example.com',
    )
    .action((_options, command: Command) => create(command.optsWithGlobals(), context));
  addRevokeCommand(group, context, {
    kind: 'Badge',
    description: 'end a badge, at once and for good',
    key: 'id',
    revoke: ({ revokeBadge }, db, id, who) => revokeBadge(db, { id, who }),
  });
}

async function create(
  { fqdn = null, by, json }: Omit<CreateOptions, 'fqdn'> & { fqdn?: string | null },
  context: CommandContext,
): Promise<void> {
  const { out } = context;
  const created = await changeAccess(context, by, ({ createBadge }, db, who) =>
    createBadge(db, { fqdn, who }),
  );
  const path = `/badge/${created.secret}.svg`;
  if (json) return out.json({ id: created.id, fqdn: created.fqdn, path });
  out.line(
    `Badge ${created.id} about ${created.fqdn ?? 'all engines'} is created. Its path below the console's address is shown only now:`,
  );
  out.line(path);
}
