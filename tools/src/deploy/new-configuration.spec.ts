import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../setup/workspace.mjs';

const URLS = {
  DATABASE_URL: 'postgres://owner:o@database:5432/backup_awareness',
  AMQP_URL: 'amqp://administrator:a@broker/%2F',
  AMQP_MANAGEMENT_URL: 'http://administrator:a@broker:15672',
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'configuration-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const newConfiguration = (environment: Record<string, string> = {}) =>
  execFileSync(process.execPath, [join(checkout, 'deploy/server/new-configuration.mjs'), folder], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: environment,
  });
const file = (name: string) => join(folder, `${name}.conf`);
const read = (name: string) => readFileSync(file(name), 'utf8');
const all = () =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
const valueIn = (name: string, variable: string) =>
  new RegExp(`^${variable}=(.*)$`, 'm').exec(read(name))?.[1];
const remove = (name: string, variables: RegExp) =>
  writeFileSync(
    file(name),
    read(name)
      .split('\n')
      .filter((line) => !variables.test(line))
      .join('\n'),
  );

describe('new-configuration, run again', () => {
  beforeEach(() => void newConfiguration(URLS));

  it('changes nothing where nothing is missing', () => {
    const before = all();
    expect(newConfiguration()).toBe('');
    expect(all()).toEqual(before);
  });

  it('adds the console to an installation that has none, with passwords that the administrator’s step sets', () => {
    // Given an installation of a version without the console
    rmSync(file('console'));
    remove('administrator', /^CONSOLE_/);
    appendFileSync(file('administrator'), 'AMQP_CA_FILE=/etc/broker.crt');
    const before = all();
    // when it is completed, without the URLs
    const output = newConfiguration();
    // then what was there is still there,
    for (const [name, text] of Object.entries(before))
      expect(readFileSync(join(folder, name), 'utf8').startsWith(text)).toBe(true);
    expect(output).toBe(
      `${file('administrator')}: CONSOLE_DATABASE_PASSWORD, CONSOLE_AMQP_PASSWORD\n${file('console')}\n`,
    );
    // and the console has a role, a user, what it replays as, and the authority.
    const passwordOf = (variable: string) => new URL(valueIn('console', variable)!).password;
    const set = (variable: string) => valueIn('administrator', variable);
    expect(set('CONSOLE_DATABASE_PASSWORD')).toMatch(/^[0-9a-f]{48}$/);
    expect(passwordOf('DATABASE_URL')).toBe(set('CONSOLE_DATABASE_PASSWORD'));
    expect(passwordOf('AMQP_URL')).toBe(set('CONSOLE_AMQP_PASSWORD'));
    expect(passwordOf('AMQP_MANAGEMENT_URL')).toBe(set('MONITOR_AMQP_PASSWORD'));
    expect(valueIn('console', 'REPLAY_AMQP_PASSWORD')).toBe(set('REPLAY_AMQP_PASSWORD'));
    expect(valueIn('console', 'AMQP_CA_FILE')).toBe('/etc/broker.crt');
    expect((statSync(file('console')).mode & 0o777).toString(8)).toBe('640');
  });

  it('keeps a password that a service uses already', () => {
    const password = valueIn('administrator', 'CONSOLE_AMQP_PASSWORD');
    remove('administrator', /^CONSOLE_AMQP/);
    newConfiguration();
    expect(valueIn('administrator', 'CONSOLE_AMQP_PASSWORD')).toBe(password);
  });

  it('adds a variable that a service now needs, and none that was commented out or is in a file', () => {
    remove('freshness-checker', /^ACTIVE_ALERTS_/);
    remove('console', /^(AMQP_MANAGEMENT_URL|REPLAY)/);
    appendFileSync(
      file('console'),
      '# AMQP_MANAGEMENT_URL=http://x\nREPLAY_AMQP_PASSWORD_FILE=/etc/replay\n',
    );
    const output = newConfiguration();
    expect(output).toBe(`${file('freshness-checker')}: ACTIVE_ALERTS_AMQP_URL\n`);
    expect(new URL(valueIn('freshness-checker', 'ACTIVE_ALERTS_AMQP_URL')!).password).toBe(
      valueIn('administrator', 'ACTIVE_ALERTS_AMQP_PASSWORD'),
    );
  });

  it.each(['', '# '])(
    'adds a password that the administrator’s step has only as %sCONSOLE_AMQP_PASSWORD=, since the console would not get in',
    (comment) => {
      rmSync(file('console'));
      remove('administrator', /^CONSOLE_AMQP/);
      appendFileSync(file('administrator'), `${comment}CONSOLE_AMQP_PASSWORD=`);
      newConfiguration();
      expect(read('administrator').trim().split('\n').at(-1)).toBe(
        `CONSOLE_AMQP_PASSWORD=${new URL(valueIn('console', 'AMQP_URL')!).password}`,
      );
    },
  );

  it('writes nothing on a machine without administrator.conf', () => {
    rmSync(file('administrator'));
    rmSync(file('console'));
    const before = all();
    expect(() => newConfiguration(URLS)).toThrow(
      /nothing is written, since there is .*ingest\.conf/,
    );
    expect(all()).toEqual(before);
  });
});
