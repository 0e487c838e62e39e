import { describe } from '@backup-awareness/contracts/plain';
import type { Command } from 'commander';
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

export function addSessionsCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('sessions')
    .description('sessions of browsers that have signed in to the console');
  group
    .command('list')
    .description('list the sessions that have not ended')
    .addHelpText(
      'after',
      '\nBY says how somebody has signed in: by a token, by a link, or by OpenID Connect (oidc). UNTIL is when the session ends unless it is used before.',
    )
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('revoke')
    .description('end a session at once')
    .argument('<ID>', 'its id in the list')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nIts live events end within 5 seconds. Signing in again stays possible: revoke the token too, or take the role away at the provider of OpenID Connect.\n' +
        'Example: backup-awareness sessions revoke 0a1b2c3d4e5f',
    )
    .action((id: string, _options, command: Command) =>
      revoke(id, command.optsWithGlobals(), context),
    );
}

async function list({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const { listSessions } = await import('@backup-awareness/database/access');
  const sessions = await readDatabase(requireDatabase(findInstallation(environment)), listSessions);
  if (json) return out.json(sessions);
  if (sessions.length === 0) return out.line('There are no sessions.');
  out.table(
    ['ID', 'WHO', 'ROLE', 'BY', 'SINCE', 'LAST USE', 'UNTIL'],
    sessions.map(({ id, who, role, signed_in_by, began_at, seen_at, ends_at }) => [
      ...[id, who, role, signed_in_by],
      ...[began_at, seen_at, ends_at].map(localTime),
    ]),
  );
}

async function revoke(
  id: string,
  { by, json }: ChangeOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const { revokeSession } = await import('@backup-awareness/database/access');
  const outcome = await administer(url, ({ dataSource }) =>
    revokeSession(dataSource, { id, who: whoIs(environment, by) }),
  );
  if (outcome === 'unknown_session')
    throw new WrongUse(
      `expected the id of a session that has not ended (see backup-awareness sessions list), got ${describe(id)}`,
    );
  if (json) return out.json({ outcome, id });
  out.line(`Session ${id} is revoked.`);
}
