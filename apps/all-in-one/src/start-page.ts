import { join, relative } from 'node:path';
import type { Progress } from '@backup-awareness/local-servers';
import { checkout } from './checkout.js';
import type { HostRegistration } from './prepare.js';
import type { Service } from './services.js';
import type { StartSettings } from './settings.js';
import { quoted, trialCommand, trialRoot } from './trial-host.js';

export interface Running {
  readonly settings: StartSettings;
  /** Its name and version, and its address without credentials. */
  readonly database: readonly [string, string];
  readonly broker: readonly [string, string];
  readonly services: readonly Service[];
  readonly registration: HostRegistration | undefined;
  /** Whether this host is monitored, and a report of it counts whoever sends it. */
  readonly takesTrial: boolean;
  /** The secret of the link that signs in at the console. */
  readonly link: string;
  readonly runDirectory: string;
}

/** The page that is shown when everything runs: the link to the console, and commands to try. */
export function startPage(running: Running, { bold }: Pick<Progress, 'bold'>): string {
  const { settings, runDirectory } = running;
  const folder = shortPath(runDirectory);
  const command = settings.isDefaultRunDirectory
    ? 'npx backup-awareness'
    : `RUN_DIR=${quoted(folder)} npx backup-awareness`;
  const endpoints = join(folder, 'endpoints.json');
  return [
    '',
    bold('backup-awareness runs. Ctrl-C stops it; no stored data are lost.'),
    '',
    `Console:    ${signInLink(running)}`,
    `            signs in once, within ten minutes. After that, the consoleToken of ${endpoints} does.`,
    ...registrationLines(running.registration, command),
    ...sharedUserLines(settings),
    '',
    bold('In a shell'),
    `  ${command} status`,
    '',
    ...trialLines(running.takesTrial, folder, { bold }),
    `Servers:    ${[running.database, running.broker].map((words) => words.join(' at ')).join(', ')}`,
    `Logs:       ${join(folder, 'logs')}`,
    `Addresses and passwords: ${endpoints}`,
    '',
  ].join('\n');
}

function signInLink({ settings, services, link }: Running): string {
  const origin = settings.consoleUrl ?? services.find(({ name }) => name === 'console')!.url;
  return new URL(`/sign-in?link=${link}`, origin).href;
}

function registrationLines(registration: HostRegistration | undefined, command: string): string[] {
  if (!registration) return [];
  const { fqdn, isNew, refused } = registration;
  if (refused !== undefined) {
    return [
      '',
      `This host is not monitored: ${refused}`,
      `Add an engine: ${command} engines add NAME`,
    ];
  }
  return [
    '',
    isNew
      ? `This host, ${fqdn}, is now monitored as an engine. It has no full backup yet, so there is an alert.`
      : `This host, ${fqdn}, is monitored as an engine.`,
    `If it is not an engine, stop that: ${command} engines retire ${fqdn}`,
  ];
}

function sharedUserLines({ amqpUrl, managementUrl }: StartSettings): string[] {
  if (amqpUrl === undefined || managementUrl !== undefined) return [];
  return [
    '',
    'All services share the broker user of AMQP_URL, who may do everything, and the queues of subscribers are unbounded.',
    'To give each service its own user, and those queues a bound, enable',
    "RabbitMQ's management plugin and start again with AMQP_MANAGEMENT_URL=http://administrator:password@host:15672",
  ];
}

/** Only while it works: once the engine has a broker user, reports of others are refused. */
function trialLines(takesTrial: boolean, folder: string, { bold }: Pick<Progress, 'bold'>) {
  if (!takesTrial) return [];
  return [
    bold('To try it, report a full backup that was not made (not if this host is a real engine)'),
    `  ${trialCommand(trialRoot(folder))}`,
    '',
  ];
}

function shortPath(path: string): string {
  const inside = relative(checkout, path);
  return inside.startsWith('..') ? path : inside;
}
