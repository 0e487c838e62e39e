import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMORY_ENVIRONMENT, NODE_FLAGS } from '@backup-awareness/all-in-one';
import { parse } from 'yaml';

const checkout = join(import.meta.dirname, '..', '..', '..');
const read = (...path: string[]) => readFileSync(join(checkout, ...path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, { image: string; command: string[] | string }>;
};
const services = ['ingest', 'freshness-checker', 'audit', 'notifier'];

describe('deploy/systemd', () => {
  it('has a unit for each service of docker-compose.yml, and one for its set-up step', () => {
    const programs = Object.entries(compose.services)
      .filter(([, { command }]) => String(command).includes('/program.mjs'))
      .map(([name]) => name);
    const units = readdirSync(join(checkout, 'deploy/systemd')).filter((name) =>
      name.endsWith('.service'),
    );
    expect(units.sort()).toEqual(
      [...programs, 'migrate'].map((name) => `backup-awareness-${name}.service`).sort(),
    );
  });

  it.each(services)('%s runs the program of that service with its own configuration', (name) => {
    const unit = read('deploy/systemd', `backup-awareness-${name}.service`);
    expect(unit).toContain(
      `\nExecStart=/usr/bin/node /usr/lib/backup-awareness/apps/${name}/dist/program.mjs\n`,
    );
    expect(unit).toContain(`\nEnvironmentFile=/etc/backup-awareness/${name}.conf\n`);
    expect(existsSync(join(checkout, 'apps', name, 'src/main.ts'))).toBe(true);
  });

  it('runs Node with the flags and the environment of npm start', () => {
    const hardening = read('deploy/systemd/backup-awareness-.service.d/50-hardening.conf');
    const memory = Object.entries(MEMORY_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
    expect(hardening).toContain(
      `\nEnvironment=NODE_ENV=production NODE_OPTIONS=${NODE_FLAGS.join(' ')} ${memory.join(' ')}\n`,
    );
  });
});

describe('deploy/quadlet', () => {
  it.each(services)('%s runs what the unit of that service runs, from the image', (name) => {
    const container = read('deploy/quadlet', `backup-awareness-${name}.container`);
    const { image, command } = compose.services[name]!;
    expect(container).toContain(`\nImage=localhost/${image}\n`);
    expect(container).toContain(`\nExec=${[command].flat().join(' ')}\n`);
    expect(container).toContain(`\nEnvironmentFile=/etc/backup-awareness/${name}.conf\n`);
  });
});
