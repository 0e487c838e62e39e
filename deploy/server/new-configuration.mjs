#!/usr/bin/node
// Writes the configuration of every service, with a random password for each role and broker user, and that of the
// administrator's step, which sets these passwords. Run again after an upgrade, it adds what is new; what is there is kept.
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { roleName } from '@backup-awareness/database/database-role';
import { brokerUserName } from '@backup-awareness/messaging/health';
import { requireUrl, variableText } from '@backup-awareness/service/variable-text';

const HELP = `new-configuration [FOLDER]

Writes administrator.conf, ingest.conf, freshness-checker.conf, audit.conf, notifier.conf and console.conf to FOLDER
(/etc/backup-awareness), 0640 and of its group. Expects these variables, or files that contain them (NAME_FILE):

  DATABASE_URL          as the owner of the database, who may create roles
  AMQP_URL              as the administrator of the broker
  AMQP_MANAGEMENT_URL   the management API, as the same administrator

Where administrator.conf is there already, these come from it, and only what is missing is added: files, and variables
at the end of a file. Nothing that is there is changed; a variable that is commented out counts as there,
except for the passwords in administrator.conf.`;

/** The port of each service's health and metrics, on 127.0.0.1; the console's is that of its page, too. */
const PORTS = {
  ingest: 8481,
  'freshness-checker': 8482,
  audit: 8483,
  notifier: 8484,
  console: 8485,
};

try {
  const [folder = '/etc/backup-awareness'] = process.argv.slice(2);
  if (folder === '--help' || folder === '-h') console.log(HELP);
  else complete(folder);
} catch (error) {
  console.error(`new-configuration: ${error.message}`);
  process.exitCode = 1;
}

/** Writes what a folder lacks, and names it. */
function complete(folder) {
  const names = ['administrator', ...Object.keys(PORTS)];
  const paths = Object.fromEntries(names.map((name) => [name, join(folder, `${name}.conf`)]));
  const existing = Object.fromEntries(
    names
      .filter((name) => existsSync(paths[name]))
      .map((name) => [name, readFileSync(paths[name], 'utf8')]),
  );
  const found = Object.keys(existing).map((name) => paths[name]);
  // Other passwords than those in use would lock the services out.
  if (found.length > 0 && existing.administrator === undefined)
    throw new Error(
      `nothing is written, since there is ${found.join(', ')}, but not ${paths.administrator}: run it where that file is`,
    );
  const set = Object.fromEntries(
    Object.entries(existing).map(([name, content]) => [name, variablesIn(content)]),
  );
  const lacking = Object.entries(configurations(set)).map(([name, variables]) => ({
    path: paths[name],
    content: existing[name],
    variables: Object.fromEntries(
      Object.entries(variables).filter(([variable]) =>
        // The step sets the password that is in the service's file: without it here, the service cannot log in.
        name === 'administrator' && variable.endsWith('_PASSWORD')
          ? variableText(set.administrator ?? {}, variable) === undefined
          : !mentions(existing[name] ?? '', variable),
      ),
    ),
  }));
  // All are converted before the first is written: a value that cannot be written is an error.
  const changes = lacking.map((file) => ({ ...file, added: text(file.variables) }));
  for (const { path, content, variables, added } of changes) {
    if (content === undefined) writeNew(folder, path, added);
    else if (added !== '') {
      appendFileSync(path, content === '' || content.endsWith('\n') ? added : `\n${added}`);
      console.log(`${path}: ${Object.keys(variables).join(', ')}`);
    }
  }
}

/** The variables of a file, as systemd reads it. */
function variablesIn(content) {
  return Object.fromEntries(
    [...content.matchAll(/^[ \t]*(\w+)=[ \t]*(.*?)[ \t]*$/gm)].map(([, name, value]) => [
      name,
      value.replace(/^(['"])(.*)\1$/, '$2'),
    ]),
  );
}

/** Whether a file sets a variable, or the file that contains it, or has it commented out. */
function mentions(content, variable) {
  return new RegExp(`^[ \\t]*[#;]?[ \\t]*${variable}(_FILE)?=`, 'm').test(content);
}

/** The variables of each file, for the variables that the existing files set. */
function configurations(existing) {
  const environment = existing.administrator ?? process.env;
  const administrator = {
    DATABASE_URL: urlOf(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    AMQP_URL: urlOf(environment, 'AMQP_URL', ['amqp:', 'amqps:']),
    AMQP_MANAGEMENT_URL: urlOf(environment, 'AMQP_MANAGEMENT_URL', ['http:', 'https:']),
  };
  const passwords = {};
  const database = (role) => {
    const name = decodeURIComponent(new URL(administrator.DATABASE_URL).pathname.slice(1));
    const user = roleName(name, role);
    return as(administrator.DATABASE_URL, user, password(`${role}_DATABASE`, user));
  };
  const broker = (user, url = administrator.AMQP_URL) => {
    const vhost = decodeURIComponent(new URL(administrator.AMQP_URL).pathname.slice(1)) || '/';
    const name = brokerUserName(vhost, user);
    return as(url, name, password(`${user}_AMQP`, name));
  };
  function password(of, user) {
    const variable = `${of.replaceAll('-', '_').toUpperCase()}_PASSWORD`;
    return (passwords[variable] ??=
      variableText(existing.administrator ?? {}, variable) ??
      existing.console?.[variable] ??
      passwordInUse(existing, user) ??
      randomBytes(24).toString('hex'));
  }
  // What a private authority has signed, a new file's service needs it for, too.
  const authorities = Object.fromEntries(
    ['AMQP_CA_FILE', 'DATABASE_CA_FILE']
      .filter((name) => existing.administrator?.[name])
      .map((name) => [name, existing.administrator[name]]),
  );

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
    notifier: {
      DATABASE_URL: database('notifier'),
      SERVICE_URLS: serviceUrls('notifier', 'console'),
    },
    // CONSOLE_URL and OpenID Connect are added by hand: docs/console.md.
    console: {
      ...management,
      DATABASE_URL: database('console'),
      AMQP_URL: broker('console'),
      REPLAY_AMQP_PASSWORD: password('replay_AMQP'),
      SERVICE_URLS: serviceUrls('console'),
    },
  };
  password('reader_DATABASE');
  return {
    administrator: { ...administrator, SERVICE_URLS: serviceUrls(), ...passwords },
    ...Object.fromEntries(
      Object.entries(services).map(([name, variables]) => [
        name,
        {
          HTTP_PORT: String(PORTS[name]),
          ...variables,
          ...(existing[name] === undefined && authorities),
        },
      ]),
    ),
  };
}

/** The password with which a service logs in as this user already. */
function passwordInUse(existing, user) {
  return Object.values(existing)
    .flatMap((variables) => Object.values(variables))
    .filter((value) => URL.canParse(value))
    .map((value) => new URL(value))
    .filter(({ username, password }) => password !== '' && decodeURIComponent(username) === user)
    .map(({ password }) => decodeURIComponent(password))[0];
}

/** All services but these, as SERVICE_URLS lists them. */
function serviceUrls(...except) {
  return Object.entries(PORTS)
    .filter(([name]) => !except.includes(name))
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

function writeNew(folder, path, content) {
  writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  chownSync(path, process.geteuid(), statSync(folder).gid);
  chmodSync(path, 0o640);
  console.log(path);
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
