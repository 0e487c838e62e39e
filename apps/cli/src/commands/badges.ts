import type { Command } from 'commander';
import { administer, readDatabase } from '../installation/database-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { whoIs } from '../installation/who.js';
import { localTime } from '../words/local-time.js';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from './arguments/command-context.js';

interface CreateOptions extends ChangeOptions {
  readonly fqdn?: string;
}

export function addBadgesCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('badges')
    .description('images that show how backups stand to anybody who knows their address');
  group
    .command('list')
    .description('list all badges, without their addresses')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
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
  group
    .command('revoke')
    .description('end a badge, at once and for good')
    .argument('<ID>', 'its id in the list')
    .option(...BY_OPTION)
    .action((id: string, _options, command: Command) =>
      revoke(id, command.optsWithGlobals(), context),
    );
}

async function list({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const { listBadges } = await import('@backup-awareness/database/access');
  const badges = await readDatabase(requireDatabase(findInstallation(environment)), listBadges);
  if (json) return out.json(badges);
  if (badges.length === 0) return out.line('There are no badges.');
  out.table(
    ['ID', 'ENGINE', 'STATE', 'CREATED', 'BY'],
    badges.map(({ id, fqdn, created_at, created_by, revoked_at, revoked_by }) => [
      id,
      fqdn ?? '(all)',
      revoked_at === null ? 'valid' : `revoked ${localTime(revoked_at)} by ${revoked_by}`,
      localTime(created_at),
      created_by,
    ]),
  );
}

async function create(
  { fqdn = null, by, json }: Omit<CreateOptions, 'fqdn'> & { fqdn?: string | null },
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const { createBadge } = await import('@backup-awareness/database/access');
  const created = await administer(url, ({ dataSource }) =>
    createBadge(dataSource, { fqdn, who: whoIs(environment, by) }),
  );
  const path = `/badge/${created.secret}.svg`;
  if (json) return out.json({ id: created.id, fqdn: created.fqdn, path });
  out.line(
    `Badge ${created.id} about ${created.fqdn ?? 'all engines'} is created. Its path below the console's address is shown only now:`,
  );
  out.line(path);
}

async function revoke(
  id: string,
  { by, json }: ChangeOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const { revokeBadge } = await import('@backup-awareness/database/access');
  const outcome = await administer(url, ({ dataSource }) =>
    revokeBadge(dataSource, { id, who: whoIs(environment, by) }),
  );
  if (json) return out.json({ outcome, id });
  out.line(outcome === 'revoked' ? `Badge ${id} is revoked.` : `Badge ${id} was revoked already.`);
}
