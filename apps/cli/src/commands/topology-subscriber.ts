import { parseSubscriber, subscriberQueue } from '@backup-awareness/contracts/plain';
import type { Command } from 'commander';
import {
  asFailure,
  findBrokerUsers,
  orWrongUse,
  withNewPassword,
} from '../installation/broker-users.js';
import { findInstallation, requireBroker } from '../installation/find-installation.js';
import { MANAGEMENT_OPTION } from '../installation/management.js';
import { WrongUse } from '../output/failure.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { expectSubcommand } from './arguments/expect-subcommand.js';

interface SubscriberOptions extends GlobalOptions {
  readonly managementUrl?: string;
  readonly passwordFile?: string;
}

export function addSubscriberCommands(topology: Command, context: CommandContext): void {
  const group = topology
    .command('subscriber')
    .description('the broker users of other components that subscribe to alerts');
  group
    .command('add')
    .description(
      'create a broker user for a component; it can declare and read the queue subscriber.NAME, bind it to ovirt.backup-alerts, ask which alerts are active, and nothing else',
    )
    .argument('<NAME>', 'the name of the component')
    .option(
      '--password-file <FILE>',
      'a new file (0600) for the password; by default NAME.password in the current folder',
    )
    .option(...MANAGEMENT_OPTION)
    .action((name: string, _options, command: Command) =>
      add(name, command.optsWithGlobals(), context),
    );
  group
    .command('remove')
    .description('remove that broker user; the queue and what waits in it stay until they expire')
    .argument('<NAME>', 'the name of the component')
    .option(...MANAGEMENT_OPTION)
    .action((name: string, _options, command: Command) =>
      remove(name, command.optsWithGlobals(), context),
    );
  expectSubcommand(group);
}

async function add(
  text: string,
  { json, managementUrl, passwordFile }: SubscriberOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const name = orWrongUse('NAME', parseSubscriber(text));
  const users = findBrokerUsers(environment, managementUrl);
  const file = passwordFile ?? `${name}.password`;
  const { applySubscriberUser } = await import('@backup-awareness/messaging');
  const outcome = await withNewPassword(file, async (password) => {
    const user = { name, password };
    return orWrongUse(
      'NAME',
      await applySubscriberUser(users.management, users.vhost, user).catch(asFailure),
    );
  });
  const queue = subscriberQueue(name);
  if (json) return out.json({ name, user: queue, queue, outcome, password_file: file });
  const { host, pathname } = new URL(requireBroker(findInstallation(environment)));
  out.line(
    outcome === 'made'
      ? `Created the broker user ${queue}; its password is in ${file}.`
      : `The broker user ${queue} has a new password, in ${file}; the old one no longer works.`,
  );
  out.line(
    `Subscribe by amqp://${queue}:PASSWORD@${host}${pathname}, as docs/subscribers.md shows.`,
  );
}

async function remove(
  text: string,
  { json, managementUrl }: SubscriberOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const name = orWrongUse('NAME', parseSubscriber(text));
  const users = findBrokerUsers(environment, managementUrl);
  const { removeSubscriberUser } = await import('@backup-awareness/messaging');
  const removed = await removeSubscriberUser(users.management, users.vhost, name).catch(asFailure);
  const outcome = orWrongUse('NAME', removed);
  const user = subscriberQueue(name);
  if (outcome === 'absent') throw new WrongUse(`there is no broker user ${user}`);
  if (json) return out.json({ name, user, outcome });
  out.line(`Removed the broker user ${user}; its connections are closed.`);
}
