#!/usr/bin/env node
// Prints the six Secrets of the Helm chart, with random passwords, for a broker and a database of yours:
//   DATABASE_URL=… AMQP_URL=… AMQP_MANAGEMENT_URL=… node new-secrets.mjs | kubectl create -f -
// `create` refuses to overwrite what is there: other passwords would keep running services from logging in again.
import { randomBytes } from 'node:crypto';

const [database, broker, management] = ['DATABASE_URL', 'AMQP_URL', 'AMQP_MANAGEMENT_URL'].map(
  (name) => {
    const text = process.env[name];
    if (URL.canParse(text ?? '')) return new URL(text);
    process.stderr.write(
      `new-secrets: ${name}: expected the URL of the owner or the administrator, got ${text ? 'another text' : 'nothing'}\n`,
    );
    process.exit(2);
  },
);

const passwords = Object.fromEntries(
  [
    ...['INGEST', 'CHECKER', 'AUDIT', 'NOTIFIER', 'CONSOLE', 'READER'].map(
      (role) => `${role}_DATABASE`,
    ),
    ...['INGEST', 'INGEST_SETTINGS', 'FRESHNESS_CHECKER', 'ACTIVE_ALERTS'].map(
      (user) => `${user}_AMQP`,
    ),
    ...['AUDIT', 'REPLAY', 'CONSOLE', 'MONITOR'].map((user) => `${user}_AMQP`),
  ].map((name) => [`${name}_PASSWORD`, randomBytes(24).toString('hex')]),
);

// Without a path, AMQP means the virtual host `/`.
if (['', '/'].includes(broker.pathname)) broker.pathname = '/%2F';
// KEDA asks for the slash.
if (!management.pathname.endsWith('/')) management.pathname += '/';
const virtualHost = decodeURIComponent(broker.pathname.slice(1));

const as = (url, username, password) => Object.assign(new URL(url), { username, password }).href;
const asRole = (role) =>
  as(
    database,
    `${decodeURIComponent(database.pathname.slice(1))}_${role}`,
    passwords[`${role.toUpperCase()}_DATABASE_PASSWORD`],
  );
/** Users are global to a broker: in another virtual host than `/` its name is a part of theirs. */
const asUser = (url, user) =>
  as(
    url,
    encodeURIComponent(virtualHost === '/' ? user : `${virtualHost}.${user}`),
    passwords[`${user.toUpperCase().replaceAll('-', '_')}_AMQP_PASSWORD`],
  );
const service = (role, user) => ({
  DATABASE_URL: asRole(role),
  AMQP_URL: asUser(broker, user),
  AMQP_MANAGEMENT_URL: asUser(management, 'monitor'),
});

const secrets = {
  setup: {
    DATABASE_URL: database.href,
    AMQP_URL: broker.href,
    AMQP_MANAGEMENT_URL: management.href,
    ...passwords,
  },
  ingest: {
    ...service('ingest', 'ingest'),
    SETTINGS_AMQP_URL: asUser(broker, 'ingest-settings'),
  },
  'freshness-checker': {
    ...service('checker', 'freshness-checker'),
    ACTIVE_ALERTS_AMQP_URL: asUser(broker, 'active-alerts'),
  },
  audit: service('audit', 'audit'),
  notifier: { DATABASE_URL: asRole('notifier') },
  console: {
    ...service('console', 'console'),
    REPLAY_AMQP_PASSWORD: passwords.REPLAY_AMQP_PASSWORD,
  },
};

const items = Object.entries(secrets).map(([name, stringData]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: `backup-awareness-${name}`,
    labels: { 'app.kubernetes.io/part-of': 'backup-awareness' },
  },
  type: 'Opaque',
  stringData,
}));
process.stdout.write(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`);
