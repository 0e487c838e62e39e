import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { replaceFile } from '../run-directory/replace-file.js';

export const ADMINISTRATOR = 'backup-awareness';

/**
 * The node's folder, as the node and its child processes name it: their working directory. RabbitMQ passes paths, unquoted, to
 * a shell, to a parser and to files that it keeps, and the folder's real path may have any characters.
 */
export const OWN_FOLDER = '/proc/self/cwd';

/** The identity of a private node, and its places. */
export interface RabbitmqNode {
  /** Its Erlang name. */
  readonly name: string;
  readonly folder: string;
  /** The folder of its cookie; the nodes of a cluster share it. */
  readonly home: string;
  /** The folder for its crash dump. */
  readonly logs: string;
  readonly ports: RabbitmqPorts;
  /** The names of all nodes of its cluster, in the order of their first start; empty for a single node. */
  readonly cluster: readonly string[];
}

export interface RabbitmqPorts {
  readonly amqp: number;
  readonly management: number;
  readonly distribution: number;
  readonly epmd: number;
}

/** Writes the files that a private node reads at its start; its cookie and its data stay. */
export function writeRabbitmqFiles(node: RabbitmqNode, password: string): void {
  const { folder, home } = node;
  for (const one of [folder, home]) mkdirSync(one, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => replaceFile(join(folder, name), text);
  // Knowing the cookie is enough to run code as the node's user.
  const cookie = join(home, '.erlang.cookie');
  if (!isCookie(cookie)) {
    replaceFile(cookie, randomBytes(32).toString('hex'));
    chmodSync(cookie, 0o400);
  }
  write('rabbitmq.conf', configuration(node));
  write('definitions.json', JSON.stringify(definitions(password), undefined, 2));
  write('enabled_plugins', '[rabbitmq_management].\n');
  write('advanced.config', '[].\n');
  write('rabbitmq-env.conf', '');
}

/** Erlang accepts none that is empty or cut off; a running node has read its own already. */
function isCookie(path: string): boolean {
  return existsSync(path) && /^[A-Za-z0-9]{16,}\s*$/.test(readFileSync(path, 'utf8'));
}

/** The node's whole environment: without any one of these it would use a file of the system's broker. */
export function rabbitmqEnvironment(node: RabbitmqNode, path: string): Record<string, string> {
  const { folder, logs, ports } = node;
  const own = (name: string): string => join(OWN_FOLDER, name);
  return {
    PATH: path,
    HOME: node.home,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: node.name,
    RABBITMQ_MNESIA_BASE: own('data'),
    RABBITMQ_LOG_BASE: own('logs'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONF_ENV_FILE: own('rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: own('rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: own('conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: own('advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: own('enabled_plugins'),
    RABBITMQ_PID_FILE: own('rabbitmq.pid'),
    RABBITMQ_FEATURE_FLAGS_FILE: own('feature_flags'),
    RABBITMQ_GENERATED_CONFIG_DIR: own('generated'),
    RABBITMQ_PLUGINS_EXPAND_DIR: own('plugins-expand'),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    // With these two the script becomes the node instead of its parent, so that there is one pid to watch and stop; and the
    // node starts no epmd of its own, which nobody would stop.
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-noinput -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}',
    ERL_CRASH_DUMP: join(logs, `${basename(folder)}-crash.dump`),
    ...epmdEnvironment(ports.epmd),
  };
}

export function epmdEnvironment(port: number): Record<string, string> {
  return { ERL_EPMD_PORT: String(port), ERL_EPMD_ADDRESS: '127.0.0.1' };
}

function configuration({ ports, cluster }: RabbitmqNode): string {
  const discovery = cluster.map(
    (name, i) => `cluster_formation.classic_config.nodes.${i + 1} = ${name}`,
  );
  return [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    'management_agent.disable_metrics_collector = true',
    `load_definitions = ${join(OWN_FOLDER, 'definitions.json')}`,
    'max_message_size = 2097152',
    'consumer_timeout = 60000',
    ...discovery,
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
    '',
  ].join('\n');
}

/** With definitions to load, RabbitMQ creates no user `guest`. */
function definitions(password: string): object {
  return {
    vhosts: [{ name: '/' }],
    users: [
      {
        name: ADMINISTRATOR,
        password_hash: hashPassword(password),
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: 'administrator',
      },
    ],
    permissions: [{ user: ADMINISTRATOR, vhost: '/', configure: '.*', write: '.*', read: '.*' }],
  };
}

/** A password as RabbitMQ stores it: four random bytes, then the SHA-256 of these and the password. */
export function hashPassword(password: string, salt: Buffer = randomBytes(4)): string {
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, hash]).toString('base64');
}
