import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM, type EngineHost } from '../../test/helpers/engine-host.js';
import { contents, ENGINE_HOST, prepareEngineHost } from '../../test/helpers/prepared-host.js';

let host: EngineHost;
beforeEach(() => {
  host = prepareEngineHost();
  host.write(join(host.root, 'usr/lib/systemd/systemd'), '');
});
afterEach(() => host.remove());

const BROKER = { BROKER_URL: 'amqp://127.0.0.1:1', BROKER_USER: 'user', BROKER_PASSWORD: 'secret' };
const install = (...args: string[]) =>
  host.shim(['install', '--no-connection-test', ...args], { environment: BROKER });

/** The modes of what install has created; a link has none of its own. */
function modes(): Record<string, string> {
  const before = [...ENGINE_HOST, 'usr/lib', 'usr/lib/systemd', 'usr/lib/systemd/systemd'];
  const names = readdirSync(host.root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => !before.includes(name))
      .map((name) => [name, lstatSync(join(host.root, name))] as const)
      .filter(([, found]) => !found.isSymbolicLink())
      .map(([name, found]) => [name, (found.mode & 0o7777).toString(8)]),
  );
}

const STATE = 'var/lib/ovirt-engine-backup-shim';
const MODES = {
  'etc/cron.d': '755',
  'etc/cron.d/engine-backup-shim': '644',
  'etc/ovirt-engine-backup': '755',
  'etc/ovirt-engine-backup/backup-awareness.conf': '600',
  'etc/ovirt-engine-backup/engine-backup-config.d': '755',
  'etc/ovirt-engine-backup/engine-backup-config.d/50-backup-awareness.sh': '600',
  'etc/systemd': '755',
  'etc/systemd/system': '755',
  'etc/systemd/system/engine-backup-shim.service': '644',
  'etc/systemd/system/engine-backup-shim.timer': '644',
  'etc/systemd/system/timers.target.wants': '755',
  'usr/bin/engine-backup-shim': '755',
  var: '755',
  'var/lib': '755',
  [STATE]: '700',
  [`${STATE}/manifest.json`]: '600',
  [`${STATE}/reserve.1`]: '600',
  [`${STATE}/reserve.2`]: '600',
  [`${STATE}/reserve.3`]: '600',
  [`${STATE}/reserve.4`]: '600',
  [`${STATE}/spool`]: '700',
};

describe('the modes of the installed files', () => {
  it.each([0o000, 0o022, 0o077, 0o177])('are the same with a umask of %o', async (umask) => {
    const before = process.umask(umask);
    const ended = await install().finally(() => process.umask(before));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(modes()).toEqual(MODES);
  });

  it.each([0o777, 0o700])('are repaired if they were changed to %o', async (mode) => {
    await install();
    const before = contents(host);
    for (const name of Object.keys(MODES).reverse()) chmodSync(join(host.root, name), mode);
    const { code, stdout, stderr } = await install();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`repaired   ${host.paths.configuration}\n`);
    expect(modes()).toEqual(MODES);
    expect(contents(host)).toEqual(before);
  });

  it('protect a password that was world-readable before, until uninstall', async () => {
    await install();
    const { configuration } = host.paths;
    const text = contents(host)['etc/ovirt-engine-backup/backup-awareness.conf']!.slice(7);
    await host.shim(['uninstall']);
    host.write(configuration, text);
    chmodSync(configuration, 0o644);
    const before = contents(host);
    expect((await install()).stdout).toContain(`repaired   ${configuration}\n`);
    expect(modes()).toMatchObject({ 'etc/ovirt-engine-backup/backup-awareness.conf': '600' });
    await host.shim(['uninstall']);
    expect(contents(host)).toEqual(before);
  });

  it('are also repaired for a program that a package has installed', () => {
    host.write(host.paths.program, readFileSync(PROGRAM));
    chmodSync(host.paths.program, 0o777);
    const args = ['install', '--no-connection-test', '--root', host.root];
    execFileSync(process.execPath, [host.paths.program, ...args], { env: BROKER });
    expect(modes()).toMatchObject({ 'usr/bin/engine-backup-shim': '755' });
  });
});
