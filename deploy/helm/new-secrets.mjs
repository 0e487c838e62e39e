#!/usr/bin/env node
// Prints the six Secrets of the Helm chart, with random passwords, for a broker and a database of yours:
//   DATABASE_URL=… AMQP_URL=… AMQP_MANAGEMENT_URL=… node new-secrets.mjs | kubectl create -f -
// `create` refuses to overwrite what is there: other passwords would keep running services from logging in again.
// With --missing it reads the Secrets that are there, and prints only those that lack something, with all that they have:
//   kubectl get secrets -o json | node new-secrets.mjs --missing | kubectl apply -f -
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const isCompleting = process.argv.includes('--missing');
/** The data of the Secrets that are there, in base64, by name. */
const existing = isCompleting ? readExisting() : {};
const existingSetup = existing['backup-awareness-setup'];
if (isCompleting && !existingSetup) {
  process.stderr.write(
    'new-secrets: expected the Secrets of the namespace, with backup-awareness-setup, from kubectl get secrets -o json\n',
  );
  process.exit(2);
}

const [database, broker, management] = ['DATABASE_URL', 'AMQP_URL', 'AMQP_MANAGEMENT_URL'].map(
  (name) => {
    const text = isCompleting ? inSetup(name) : process.env[name];
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
  ].map((name) => [
    `${name}_PASSWORD`,
    inSetup(`${name}_PASSWORD`) || randomBytes(24).toString('hex'),
  ]),
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

const base64 = (text) => Buffer.from(text).toString('base64');
const items = Object.entries(secrets).flatMap(([key, texts]) => {
  const name = `backup-awareness-${key}`;
  const isComplete = Object.keys(texts).every((variable) => existing[name]?.[variable]);
  if (isComplete) return [];
  const wanted = Object.entries(texts).map(([variable, text]) => [variable, base64(text)]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, labels: { 'app.kubernetes.io/part-of': 'backup-awareness' } },
    type: 'Opaque',
    // Also what is there: `apply` removes what an earlier one had set and this one does not.
    data: { ...Object.fromEntries(wanted), ...withoutEmpty(existing[name]) },
  };
});
process.stdout.write(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`);

function readExisting() {
  try {
    const { items = [] } = JSON.parse(readFileSync(0, 'utf8'));
    return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data ?? {}]));
  } catch {
    return {};
  }
}

function inSetup(name) {
  return existingSetup?.[name] && Buffer.from(existingSetup[name], 'base64').toString().trimEnd();
}

function withoutEmpty(data = {}) {
  return Object.fromEntries(Object.entries(data).filter(([, text]) => text !== ''));
}
