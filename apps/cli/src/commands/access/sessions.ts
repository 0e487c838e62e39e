import type { Command } from 'commander';
import { localTime } from '../../words/local-time.js';
import type { CommandContext } from '../arguments/command-context.js';
import { addListCommand, addRevokeCommand } from './access-commands.js';

export function addSessionsCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('sessions')
    .description('sessions of browsers that have signed in to the console');
  addListCommand(group, context, {
    description: 'list the sessions that have not ended',
    help: '\nBY says how somebody has signed in: by a token, by a link, or by OpenID Connect (oidc). UNTIL is when the session ends unless it is used before.',
    read: ({ listSessions }, sql) => listSessions(sql),
    none: 'There are no sessions.',
    header: ['ID', 'WHO', 'ROLE', 'BY', 'SINCE', 'LAST USE', 'UNTIL'],
    cells: ({ id, who, role, signed_in_by, began_at, seen_at, ends_at }) => [
      ...[id, who, role, signed_in_by],
      ...[began_at, seen_at, ends_at].map(localTime),
    ],
  });
  addRevokeCommand(group, context, {
    kind: 'Session',
    description: 'end a session at once',
    help:
      '\nIts live events end within 5 seconds. Signing in again stays possible: revoke the token too, or take the role away at the provider of OpenID Connect.\n' +
      'Example: backup-awareness sessions revoke 0a1b2c3d4e5f',
    key: 'id',
    revoke: ({ revokeSession }, db, id, who) => revokeSession(db, { id, who }),
    expected: 'the id of a session that has not ended',
  });
}
