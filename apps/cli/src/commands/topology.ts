import { BINDINGS, EXCHANGES, QUEUES } from '@backup-awareness/contracts';
import type { BrokerUser } from '@backup-awareness/messaging';
import type { Command } from 'commander';
import { brokerUnreachable, onBroker, withHeartbeat } from '../broker-session.js';
import type { CommandContext, GlobalOptions } from '../command-context.js';
import { readPasswords } from '../environment.js';
import { findInstallation, requireBroker, virtualHostOf } from '../find-installation.js';
import { givenManagement, MANAGEMENT_OPTION, managementFailure } from '../management.js';

const PASSWORD_VARIABLES = {
  ingest: 'INGEST_AMQP_PASSWORD',
  'ingest-settings': 'INGEST_SETTINGS_AMQP_PASSWORD',
  'freshness-checker': 'FRESHNESS_CHECKER_AMQP_PASSWORD',
  audit: 'AUDIT_AMQP_PASSWORD',
  replay: 'REPLAY_AMQP_PASSWORD',
} as const satisfies Record<BrokerUser, string>;

export function addTopologyCommand(program: Command, context: CommandContext): void {
  const group = program.command('topology').description("the broker's exchanges, queues and users");
  group
    .command('apply')
    .description('declare exchanges, queues and bindings; doing it again changes nothing')
    .option(...MANAGEMENT_OPTION)
    .addHelpText(
      'after',
      `\nThe services' users get their passwords from ${Object.values(PASSWORD_VARIABLES).join(', ')}\n` +
        '(each also as NAME_FILE, a file that holds it).',
    )
    .action((_options, command: Command) => apply(command.optsWithGlobals(), context));
  group
    .command('verify')
    .description('tell which exchanges and queues are missing, without declaring anything')
    .action((_options, command: Command) => verify(command.optsWithGlobals(), context));
}

async function apply(
  options: GlobalOptions & { readonly managementUrl?: string },
  { environment, out }: CommandContext,
): Promise<void> {
  const managementUrl = givenManagement(environment, options.managementUrl);
  const passwords = managementUrl && readPasswords<BrokerUser>(environment, PASSWORD_VARIABLES);
  const amqpUrl = requireBroker(findInstallation(environment));
  // Who cannot be reached is told as such; what fails later is the declaration itself.
  await onBroker(amqpUrl, async () => undefined);
  const messaging = await import('@backup-awareness/messaging');
  await messaging.applyTopology(withHeartbeat(amqpUrl));
  if (managementUrl !== undefined && passwords)
    await messaging
      .applyBrokerUsers(managementUrl, virtualHostOf(amqpUrl), passwords)
      .catch((error: unknown) => {
        throw managementFailure(error);
      });
  const users = passwords ? messaging.BROKER_USER_NAMES : null;
  if (options.json)
    return out.json({
      exchanges: EXCHANGES.map(({ name }) => name),
      queues: QUEUES.map(({ name }) => name),
      bindings: BINDINGS.length,
      users,
    });
  out.line(
    `Declared ${EXCHANGES.length} exchanges, ${QUEUES.length} queues and ${BINDINGS.length} bindings.`,
  );
  out.line(
    users
      ? `Set up the users ${users.join(', ')}, each with just its permissions.`
      : "The services' users, and the policy that bounds subscribers' queues, are left as they are (no --management-url).",
  );
}

async function verify({ json }: GlobalOptions, context: CommandContext): Promise<void> {
  const amqpUrl = requireBroker(findInstallation(context.environment));
  const { missingTopology } = await import('@backup-awareness/messaging');
  const missing = await onBroker(amqpUrl, (connection) =>
    missingTopology(connection).catch((error: unknown) => {
      throw (error as { code?: unknown }).code === ACCESS_REFUSED
        ? error
        : brokerUnreachable(error, amqpUrl);
    }),
  );
  if (missing.length > 0) context.exitCode = 1;
  if (json) return context.out.json({ complete: missing.length === 0, missing });
  if (missing.length > 0)
    throw new Error(
      `the broker lacks ${missing.join(', ')}: run backup-awareness topology apply, or npm start`,
    );
  context.out.line(`All ${EXCHANGES.length} exchanges and ${QUEUES.length} queues are there.`);
}

const ACCESS_REFUSED = 403;
