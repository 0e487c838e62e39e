#!/usr/bin/node
// Writes the configuration of every service, with a random password for each role and broker user, and that of the
// administrator's step, which sets these passwords. Run once for an installation; existing files are never changed.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { roleName } from '@backup-awareness/database/database-role';
import { brokerUserName } from '@backup-awareness/messaging/health';
import { requireUrl, variableText } from '@backup-awareness/service/variable-text';

const HELP = `new-configuration [FOLDER]

Writes administrator.conf, ingest.conf, freshness-checker.conf, audit.conf and notifier.conf to FOLDER (/etc/backup-awareness),
0640 and of its group. Expects these variables, or files that contain them (NAME_FILE):

  DATABASE_URL          as the owner of the database, who may create roles
  AMQP_URL              as the administrator of the broker
  AMQP_MANAGEMENT_URL   the management API, as the same administrator`;

/** The port of each service's health and metrics, on 127.0.0.1. */
const PORTS = { ingest: 8481, 'freshness-checker': 8482, audit: 8483, notifier: 8484 };

try {
  const [folder = '/etc/backup-awareness'] = process.argv.slice(2);
  if (folder === '--help' || folder === '-h') console.log(HELP);
  else write(folder, configurations(process.env));
} catch (error) {
  console.error(`new-configuration: ${error.message}`);
  process.exitCode = 1;
}

function configurations(environment) {
  const administrator = {
    DATABASE_URL: urlOf(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    AMQP_URL: urlOf(environment, 'AMQP_URL', ['amqp:', 'amqps:']),
    AMQP_MANAGEMENT_URL: urlOf(environment, 'AMQP_MANAGEMENT_URL', ['http:', 'https:']),
  };
  const passwords = {};
  const database = (role) => {
    const name = decodeURIComponent(new URL(administrator.DATABASE_URL).pathname.slice(1));
    return as(administrator.DATABASE_URL, roleName(name, role), password(`${role}_DATABASE`));
  };
  const broker = (user, url = administrator.AMQP_URL) => {
    const vhost = decodeURIComponent(new URL(administrator.AMQP_URL).pathname.slice(1)) || '/';
    return as(url, brokerUserName(vhost, user), password(`${user}_AMQP`));
  };
  function password(of) {
    const variable = `${of.replaceAll('-', '_').toUpperCase()}_PASSWORD`;
    return (passwords[variable] ??= randomBytes(24).toString('hex'));
  }

  const management = { AMQP_MANAGEMENT_URL: broker('monitor', administrator.AMQP_MANAGEMENT_URL) };
  const services = {
    ingest: {
      ...management,
      DATABASE_URL: database('ingest'),
      AMQP_URL: broker('ingest'),
      SETTINGS_AMQP_URL: broker('ingest-settings'),
    },
    'freshness-checker': {
      ...management,
      DATABASE_URL: database('checker'),
      AMQP_URL: broker('freshness-checker'),
      ACTIVE_ALERTS_AMQP_URL: broker('active-alerts'),
    },
    audit: { ...management, DATABASE_URL: database('audit'), AMQP_URL: broker('audit') },
    // Its destinations are added by hand: docs/notifications.md.
    notifier: { DATABASE_URL: database('notifier'), SERVICE_URLS: serviceUrls('notifier') },
  };
  password('reader_DATABASE');
  password('replay_AMQP');
  return {
    administrator: { ...administrator, SERVICE_URLS: serviceUrls(), ...passwords },
    ...Object.fromEntries(
      Object.entries(services).map(([name, variables]) => [
        name,
        { HTTP_PORT: String(PORTS[name]), ...variables },
      ]),
    ),
  };
}

/** All services, or all but one, as SERVICE_URLS lists them. */
function serviceUrls(except) {
  return Object.entries(PORTS)
    .filter(([name]) => name !== except)
    .map(([name, port]) => `${name}=http://127.0.0.1:${port}`)
    .join(',');
}

function urlOf(environment, name, protocols) {
  const text = variableText(environment, name);
  if (text === undefined) throw new Error(`${name} (or ${name}_FILE) is not set`);
  return requireUrl(name, text, protocols);
}

/** The URL as another user. */
function as(url, user, password) {
  const other = new URL(url);
  other.username = encodeURIComponent(user);
  other.password = password;
  return other.href;
}

function write(folder, files) {
  const paths = Object.keys(files).map((name) => join(folder, `${name}.conf`));
  const existing = paths.filter((path) => existsSync(path));
  if (existing.length > 0)
    throw new Error(`nothing is written, since there is ${existing.join(', ')}`);
  const texts = Object.values(files).map(text);
  paths.forEach((path, index) => {
    writeFileSync(path, texts[index], { flag: 'wx', mode: 0o600 });
    chownSync(path, process.geteuid(), statSync(folder).gid);
    chmodSync(path, 0o640);
    console.log(path);
  });
}

/** Read by systemd and by sh alike, and without quotes by podman, too. */
function text(variables) {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('');
}

/** A text that sh would change is put between single quotes, which systemd reads in the same way. */
function quoted(name, value) {
  if (/^[\w:/@.%,=?+~-]*$/.test(value)) return value;
  if (/['\\\n]/.test(value))
    throw new Error(`${name}: expected a URL in which ', \\ and line breaks are encoded`);
  return `'${value}'`;
}
