import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  healthcheck?: { test?: string[] };
}

const newComposeEnv = (...args: string[]) =>
  execFileSync(join(checkout, 'deploy', 'new-compose-env'), args, { encoding: 'utf8' });

/** The variables that the generated .env sets. */
const variables = Object.fromEntries(
  newComposeEnv()
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
  it('is YAML before its variables are replaced', () => {
    expect(() => parse(readFileSync(join(checkout, 'docker-compose.yml'), 'utf8'))).not.toThrow();
  });

  it('runs RabbitMQ 4 and PostgreSQL 17', () => {
    expect(service('rabbitmq').image).toMatch(/^rabbitmq:4\.\d+\.\d+$/);
    expect(service('postgres').image).toMatch(/^postgres:17\.\d+$/);
  });

  it('has no space in an argument of a health check, where podman would split it', () => {
    const checks = Object.values(compose.services).flatMap(
      ({ healthcheck }) => healthcheck?.test ?? [],
    );
    expect(checks).toContain('pg_isready');
    expect(checks.filter((argument) => /\s/.test(argument))).toEqual([]);
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
      ['ingest', 'freshness-checker', 'audit', 'notifier', 'console'].map(
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

  it('publishes the console on loopback alone, with a port for each replica', () => {
    const { environment, ports, container_name } = service('console');
    expect({ ports, container_name }).toEqual({ ports: ['127.0.0.1:8080-8089:8080'] });
    expect(environment.SERVICE_URLS!.split(',')).toEqual(
      ['ingest', 'freshness-checker', 'audit', 'notifier'].map(
        (name) => `${name}=http://${name}:8080`,
      ),
    );
    expect(environment.CONSOLE_URL ?? '').toBe('');
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
    expect(environment.CONSOLE_DATABASE_PASSWORD).toBe(used('console', 'DATABASE_URL'));
    expect(environment.CONSOLE_AMQP_PASSWORD).toBe(used('console', 'AMQP_URL'));
    expect(environment.REPLAY_AMQP_PASSWORD).toBe(
      service('console').environment.REPLAY_AMQP_PASSWORD,
    );
    expect(environment.READER_DATABASE_PASSWORD).toBe(variables.READER_DATABASE_PASSWORD);
    expect(environment.INGEST_AMQP_PASSWORD).toBe(used('ingest', 'AMQP_URL'));
    expect(environment.INGEST_SETTINGS_AMQP_PASSWORD).toBe(used('ingest', 'SETTINGS_AMQP_URL'));
    expect(environment.FRESHNESS_CHECKER_AMQP_PASSWORD).toBe(used('freshness-checker', 'AMQP_URL'));
    expect(environment.ACTIVE_ALERTS_AMQP_PASSWORD).toBe(
      used('freshness-checker', 'ACTIVE_ALERTS_AMQP_URL'),
    );
    expect(environment.AUDIT_AMQP_PASSWORD).toBe(used('audit', 'AMQP_URL'));
    for (const name of ['ingest', 'freshness-checker', 'audit', 'console'])
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

describe('deploy/new-compose-env', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'env-'));
    file = join(folder, '.env');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The names that it prints for an .env of this text. */
  const addedTo = (text: string) => {
    writeFileSync(file, text);
    return newComposeEnv(file)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('=')[0]);
  };
  const without = (...names: string[]) =>
    Object.entries(variables)
      .filter(([name]) => !names.includes(name))
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');

  it('prints for an earlier .env what it lacks, and nothing else', () => {
    const news = ['CONSOLE_DATABASE_PASSWORD', 'ACTIVE_ALERTS_AMQP_PASSWORD'];
    expect(addedTo(without(...news)).sort()).toEqual([...news].sort());
    expect(addedTo(without())).toEqual([]);
  });

  it('takes what is empty or commented out as missing, and what is exported as there', () => {
    const rest = without('CONSOLE_AMQP_PASSWORD');
    expect(addedTo(`${rest}CONSOLE_AMQP_PASSWORD=\n`)).toEqual(['CONSOLE_AMQP_PASSWORD']);
    expect(addedTo(`${rest}#CONSOLE_AMQP_PASSWORD=a\n`)).toEqual(['CONSOLE_AMQP_PASSWORD']);
    expect(addedTo(`${rest}export CONSOLE_AMQP_PASSWORD = a\n`)).toEqual([]);
  });

  it('begins a line of its own where the last one has no end', () => {
    writeFileSync(file, `${without('CONSOLE_AMQP_PASSWORD')}LOG_LEVEL=debug`);
    expect(newComposeEnv(file)).toMatch(/^\nCONSOLE_AMQP_PASSWORD=[0-9a-f]{48}\n$/);
  });

  it('prints nothing for a file that it cannot read', () => {
    expect(() => newComposeEnv(join(folder, 'missing'))).toThrow('expected a readable file, got');
  });

  it.each(['NOTIFIER_DATABASE', 'CONSOLE_DATABASE', 'CONSOLE_AMQP', 'REPLAY_AMQP', 'MONITOR_AMQP'])(
    'is named by Compose where %s_PASSWORD is missing, since its service would wait for ever',
    (name) => {
      const text = readFileSync(join(checkout, 'docker-compose.yml'), 'utf8');
      expect(text).toContain(
        `{${name}_PASSWORD:?is new in .env, run deploy/new-compose-env .env >> .env}`,
      );
      expect(text).not.toContain(`${name}_PASSWORD:-`);
    },
  );
});
