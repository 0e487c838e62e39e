import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '@backup-awareness/local-servers/program-of';
import { BROKER_USER_NAMES } from '@backup-awareness/messaging';
import { readConfiguration, SERVICE_VARIABLES } from '@backup-awareness/service';
import { parse } from 'yaml';

const checkout = join(import.meta.dirname, '..', '..', '..');

interface ComposeService {
  image: string;
  command: string[];
  environment: Record<string, string>;
  ports?: unknown;
  container_name?: unknown;
  volumes?: string[];
}

/** The variables that the generated .env sets. */
const variables = Object.fromEntries(
  execFileSync(join(checkout, 'deploy', 'new-compose-env'), { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.split('=') as [string, string]),
);

const compose: { services: Record<string, ComposeService> } = parse(
  readFileSync(join(checkout, 'docker-compose.yml'), 'utf8').replace(
    /(?<!\$)\$\{(\w+)(:[?-][^}]*)?\}/g,
    (_, name: string, otherwise?: string) =>
      variables[name] ??
      (otherwise?.startsWith(':-') ? otherwise.slice(2) : `<${name} is not set>`),
  ),
  { merge: true },
);

const service = (name: string) => compose.services[name]!;

describe('docker-compose.yml', () => {
  it('runs RabbitMQ 4 and PostgreSQL 17', () => {
    expect(service('rabbitmq').image).toMatch(/^rabbitmq:4\.\d+\.\d+$/);
    expect(service('postgres').image).toMatch(/^postgres:17\.\d+$/);
  });

  it('uses no variable that deploy/new-compose-env does not set', () => {
    expect(JSON.stringify(compose)).not.toContain('is not set>');
  });

  it.each(['ingest', 'freshness-checker', 'audit'])(
    'configures %s validly, and leaves it scalable',
    (name) => {
      const { environment, command, ports, container_name } = service(name);
      const configuration = readConfiguration(SERVICE_VARIABLES, environment);
      expect(new URL(configuration.AMQP_URL).username).toBe(name);
      expect(BROKER_USER_NAMES).toContain(name);
      expect(configuration.HTTP_HOST).toBe('0.0.0.0');
      expect(join(checkout, command[1]!)).toBe(programOf(name, checkout));
      expect({ ports, container_name }).toEqual({});
    },
  );

  it('has the command line ask every service how it is', () => {
    const { SERVICE_URLS = '' } = service('cli').environment;
    expect(SERVICE_URLS.split(',')).toEqual(
      ['ingest', 'freshness-checker', 'audit', 'notifier'].map(
        (name) => `${name}=http://${name}:8080`,
      ),
    );
  });

  it('configures the notifier: its destinations from outside, and the services that it asks', () => {
    const { environment } = service('notifier');
    const { SERVICE_URLS = '' } = environment;
    expect(SERVICE_URLS.split(',')).toEqual(
      ['ingest', 'freshness-checker', 'audit'].map((name) => `${name}=http://${name}:8080`),
    );
    expect(variables.NOTIFIER_DATABASE_PASSWORD).toMatch(/^[0-9a-f]{48}$/);
    expect(new URL(environment.DATABASE_URL!).password).toBe(variables.NOTIFIER_DATABASE_PASSWORD);
    for (const name of [
      'ALERTMANAGER_URLS',
      'WEBHOOK_URL',
      'SMTP_URL',
      'OVIRT_API_URL',
      'HEARTBEAT_URL',
    ])
      expect(environment[name] ?? '').toBe('');
  });

  it('answers settings requests as a broker user of its own', () => {
    const { SETTINGS_AMQP_URL } = service('ingest').environment;
    expect(new URL(SETTINGS_AMQP_URL!).username).toBe('ingest-settings');
  });

  it('tells the active alerts as a broker user of its own', () => {
    const { ACTIVE_ALERTS_AMQP_URL } = service('freshness-checker').environment;
    expect(new URL(ACTIVE_ALERTS_AMQP_URL!).username).toBe('active-alerts');
  });

  it('sets in its set-up step the passwords that the services use', () => {
    const { environment } = service('setup');
    const used = (name: string, url: string) => new URL(service(name).environment[url]!).password;
    expect(environment.INGEST_DATABASE_PASSWORD).toBe(used('ingest', 'DATABASE_URL'));
    expect(environment.CHECKER_DATABASE_PASSWORD).toBe(used('freshness-checker', 'DATABASE_URL'));
    expect(environment.AUDIT_DATABASE_PASSWORD).toBe(used('audit', 'DATABASE_URL'));
    expect(environment.NOTIFIER_DATABASE_PASSWORD).toBe(used('notifier', 'DATABASE_URL'));
    expect(environment.READER_DATABASE_PASSWORD).toBe(variables.READER_DATABASE_PASSWORD);
    expect(environment.INGEST_AMQP_PASSWORD).toBe(used('ingest', 'AMQP_URL'));
    expect(environment.INGEST_SETTINGS_AMQP_PASSWORD).toBe(used('ingest', 'SETTINGS_AMQP_URL'));
    expect(environment.FRESHNESS_CHECKER_AMQP_PASSWORD).toBe(used('freshness-checker', 'AMQP_URL'));
    expect(environment.ACTIVE_ALERTS_AMQP_PASSWORD).toBe(
      used('freshness-checker', 'ACTIVE_ALERTS_AMQP_URL'),
    );
    expect(environment.AUDIT_AMQP_PASSWORD).toBe(used('audit', 'AMQP_URL'));
    for (const name of ['ingest', 'freshness-checker', 'audit'])
      expect(environment.MONITOR_AMQP_PASSWORD).toBe(used(name, 'AMQP_MANAGEMENT_URL'));
  });

  it('mounts only files that exist', () => {
    const files = Object.values(compose.services)
      .flatMap(({ volumes }) => volumes ?? [])
      .filter((volume) => volume.startsWith('./'))
      .map((volume) => volume.split(':')[0]!);
    expect(files).toHaveLength(2);
    expect(files.filter((file) => !existsSync(join(checkout, file)))).toEqual([]);
  });
});
