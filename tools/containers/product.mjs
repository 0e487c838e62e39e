import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../setup/workspace.mjs';
import { eventually, run } from './run.mjs';

export const SERVICES = ['ingest', 'freshness-checker', 'audit', 'notifier', 'console'];
const PROJECT = 'backup-awareness-containers-test';
const IMAGE = 'backup-awareness:0.1.0';
export const TEST_IMAGE = 'backup-awareness:containers-test';

const read = (path) => readFileSync(join(checkout, path), 'utf8');

/** The images that the Dockerfile and docker-compose.yml name, by what is in them. */
export function publishedImages() {
  const image = (path, pattern) => pattern.exec(read(path))[1];
  return {
    node: image('deploy/Dockerfile', /^ARG NODE_IMAGE=(\S+)$/m),
    rabbitmq: process.env.RABBITMQ_IMAGE ?? image('docker-compose.yml', /RABBITMQ_IMAGE:-([^}]+)/),
    postgres: process.env.POSTGRES_IMAGE ?? image('docker-compose.yml', /POSTGRES_IMAGE:-([^}]+)/),
  };
}

/** docker-compose.yml, run as a project of its own: another one of the same machine is not touched. */
export async function createProduct(engine, { rabbitmq, postgres }, folder) {
  const file = join(folder, 'docker-compose.yml');
  const environment = join(folder, 'env');
  // Compose before 2 refuses the name of the project in the file.
  const text = read('docker-compose.yml').replace(/^name: .*\n/m, '');
  writeFileSync(file, text.replaceAll(`image: ${IMAGE}`, `image: ${TEST_IMAGE}`));
  const variables = await run(join(checkout, 'deploy/new-compose-env'), []);
  writeFileSync(environment, variables, { mode: 0o600 });

  const compose = (...args) =>
    engine.compose(
      [
        ...['--project-directory', checkout, '--file', file],
        ...['--env-file', environment, '--project-name', PROJECT, ...args],
      ],
      { RABBITMQ_IMAGE: rabbitmq, POSTGRES_IMAGE: postgres },
    );
  const replicasOf = async (service) =>
    (
      await engine.docker([
        ...['ps', '--format', '{{.Names}} {{.Status}}'],
        ...['--filter', `label=com.docker.compose.project=${PROJECT}`],
        ...['--filter', `label=com.docker.compose.service=${service}`],
      ])
    )
      .trim()
      .split('\n')
      .filter((line) => line !== '');

  return {
    compose,
    replicasOf,
    up: (count) =>
      compose(
        ...['up', '--detach', '--no-build'],
        ...SERVICES.flatMap((name) => ['--scale', `${name}=${count}`]),
        ...SERVICES,
      ),
    /** Waits until there are as many replicas of each service, and all are healthy. */
    healthy: (count) =>
      eventually(async () => {
        for (const name of SERVICES) {
          const replicas = await replicasOf(name);
          const healthy = replicas.filter((line) => line.endsWith('(healthy)'));
          if (replicas.length !== count || healthy.length !== count)
            throw new Error(`expected ${count} healthy of ${name}, got:\n${replicas.join('\n')}`);
        }
      }, 300_000),
    /** Publishes a report of a success of `db`, as a broker's client; resolves when it is confirmed. */
    report: (fqdn, doneAt) =>
      compose(
        ...['run', '--rm', '-T', '--no-deps', '--entrypoint', 'node', 'cli'],
        ...['--input-type=module', '--eval', publisher(fqdn, doneAt)],
      ),
    /**
     * Asks a replica of the console at its published port, as a browser of this machine does.
     *
     * @param replica counted from 1
     * @param options as those of `fetch`
     * @returns the status, the text and the cookie of its answer
     */
    askConsole: async (replica, path, options = {}) => {
      const published = await compose('port', `--index=${replica}`, 'console', '8080');
      const program = asker(`http://${published.trim()}${path}`, options);
      // In the network of the engine, which may be another one than ours.
      const network = ['run', '--rm', '--network', 'host', TEST_IMAGE];
      return JSON.parse(
        await engine.docker([...network, 'node', '--input-type=module', '--eval', program]),
      );
    },
    cli: (...args) => compose('run', '--rm', '-T', '--no-deps', 'cli', ...args),
    /** The rows of a query, each as one line. */
    query: async (sql) =>
      (
        await compose(
          ...['exec', '-T', 'postgres', 'psql', '--username', 'backup_awareness'],
          ...['--dbname', 'backup_awareness', '--tuples-only', '--no-align', '--command', sql],
        )
      ).trim(),
  };
}

const asker = (url, options) =>
  `const answer = await fetch(${JSON.stringify(url)}, ${JSON.stringify(options)});
console.log(JSON.stringify({ status: answer.status, cookie: answer.headers.get('set-cookie'), text: await answer.text() }));`;

function publisher(fqdn, doneAt) {
  const data = {
    scope: 'db',
    done_at: doneAt,
    status: 1,
    output_message: 'Backup Finished',
    fqdn,
    log_path: '/var/log/ovirt-engine-backup/backup.log',
  };
  const event = {
    specversion: '1.0',
    id: `${fqdn}-${doneAt}`,
    source: `/ovirt/engines/${fqdn}`,
    type: 'org.ovirt.ENGINE_BACKUP_COMPLETED',
    subject: data.scope,
    time: doneAt,
    datacontenttype: 'application/json',
    data,
  };
  return `import { connect } from 'amqplib';
const connection = await connect(process.env.AMQP_URL);
const channel = await connection.createConfirmChannel();
channel.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', Buffer.from(${JSON.stringify(JSON.stringify(event))}),
  { persistent: true, mandatory: true, contentType: 'application/cloudevents+json' });
await channel.waitForConfirms();
await connection.close();`;
}
