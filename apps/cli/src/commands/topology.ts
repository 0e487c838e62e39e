import {
  BINDINGS,
  describeDifferences,
  EXCHANGES,
  QUEUES,
  virtualHostOf,
} from '@backup-awareness/contracts/plain';
import type { TopologyComparison } from '@backup-awareness/messaging';
import type { Command } from 'commander';
import { brokerCertificates, managementAddress } from '../installation/certificates.js';
import { brokerUnreachable, onBroker } from '../installation/broker-session.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { findInstallation, requireBroker } from '../installation/find-installation.js';
import {
  compareWithBroker,
  givenManagement,
  MANAGEMENT_OPTION,
  managementFailure,
} from '../installation/management.js';
import {
  allPasswords,
  knownPasswords,
  requirePasswords,
  REQUIRED_USERS,
  USER_PASSWORDS,
} from '../installation/passwords.js';

export function addTopologyCommand(program: Command, context: CommandContext): Command {
  const group = program.command('topology').description("the broker's exchanges, queues and users");
  group
    .command('apply')
    .description('declare exchanges, queues and bindings; running it again changes nothing')
    .option(...MANAGEMENT_OPTION)
    .addHelpText(
      'after',
      `\nThe services' users get their passwords from ${Object.values(USER_PASSWORDS.variables).join(', ')} (each also as NAME_FILE, a file that contains it); those of npm start are found by themselves. They are set only with the management API.`,
    )
    .action((_options, command: Command) => apply(command.optsWithGlobals(), context));
  group
    .command('verify')
    .description(
      'show what is missing or different at the broker, without changing anything; only the management API shows all differences',
    )
    .option(...MANAGEMENT_OPTION)
    .action((_options, command: Command) => verify(command.optsWithGlobals(), context));
  return group;
}

async function apply(
  options: GlobalOptions & { readonly managementUrl?: string },
  { environment, out }: CommandContext,
): Promise<void> {
  const installation = findInstallation(environment);
  const amqpUrl = requireBroker(installation);
  const known = knownPasswords(environment, installation, USER_PASSWORDS);
  const given = givenManagement(environment, options.managementUrl);
  const passwords =
    given === undefined
      ? allPasswords<keyof typeof REQUIRED_USERS>(known, REQUIRED_USERS)
      : requirePasswords<keyof typeof REQUIRED_USERS>(known, REQUIRED_USERS);
  const managementUrl = given ?? installation.managementUrl;
  // First, to tell an unreachable broker from a declaration that fails.
  await onBroker(amqpUrl, async () => undefined);
  const messaging = await import('@backup-awareness/messaging');
  const onWait = options.json ? undefined : (line: string) => out.line(line);
  await messaging.applyTopology(amqpUrl, brokerCertificates(amqpUrl, environment), onWait);
  if (managementUrl !== undefined && passwords)
    await messaging
      .applyBrokerUsers(managementAddress(managementUrl, environment), virtualHostOf(amqpUrl), {
        ...known,
        ...passwords,
      })
      .catch((error: unknown) => {
        throw managementFailure(error);
      });
  const users =
    managementUrl !== undefined && passwords
      ? messaging.BROKER_USER_NAMES.filter((user) => known[user] !== undefined)
      : null;
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
      ? `Set up the users ${users.join(', ')}, each with its own permissions.`
      : "The services' users and the policies are unchanged (no --management-url).",
  );
}

async function verify(
  { json, managementUrl: option }: GlobalOptions & { readonly managementUrl?: string },
  context: CommandContext,
): Promise<void> {
  const installation = findInstallation(context.environment);
  const amqpUrl = requireBroker(installation);
  const managementUrl = givenManagement(context.environment, option) ?? installation.managementUrl;
  const missing = await missingAtBroker(amqpUrl);
  const compared =
    managementUrl === undefined
      ? undefined
      : await compareWithBroker(
          managementAddress(managementUrl, context.environment),
          virtualHostOf(amqpUrl),
        );
  const differences = compared?.differences ?? [];
  const isComplete = missing.length === 0 && differences.length === 0;
  if (!isComplete) context.exitCode = 1;
  const warnings = compared?.warnings ?? [];
  if (json)
    return context.out.json({
      complete: isComplete,
      missing,
      compared: compared !== undefined,
      users_compared: compared?.areUsersCompared ?? false,
      differences,
      warnings,
    });
  warnings.forEach((warning) => context.out.line(`Warning: ${warning}.`));
  if (!isComplete)
    throw new Error(differenceText(missing, describeDifferences(differences, Infinity)));
  context.out.line(completeText(compared));
}

/** Something missing is also among the differences: it is not reported twice. */
function differenceText(missing: readonly string[], differences: readonly string[]): string {
  if (differences.length > 0) return `the broker differs: ${differences.join('; ')}`;
  return `the broker lacks ${missing.join(', ')}: run backup-awareness topology apply, or npm start`;
}

function completeText(compared: TopologyComparison | undefined): string {
  const exist = `All ${EXCHANGES.length} exchanges and ${QUEUES.length} queues exist`;
  if (!compared)
    return `${exist}. Their properties, bindings and policies were not compared (no --management-url).`;
  const users = compared.areUsersCompared ? ', policies and users' : ' and policies';
  return `${exist}; they, ${BINDINGS.length} bindings${users} are as required.`;
}

async function missingAtBroker(amqpUrl: string): Promise<string[]> {
  const { missingTopology } = await import('@backup-awareness/messaging');
  return onBroker(amqpUrl, (connection) =>
    missingTopology(connection).catch((error: unknown) => {
      throw (error as { code?: unknown }).code === ACCESS_REFUSED
        ? error
        : brokerUnreachable(error, amqpUrl);
    }),
  );
}

const ACCESS_REFUSED = 403;
