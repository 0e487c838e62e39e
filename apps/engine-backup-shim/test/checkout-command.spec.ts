import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAM } from './helpers/engine-host.js';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const command = fileURLToPath(new URL('../bin/engine-backup-shim.js', import.meta.url));

describe('engine-backup-shim in a checkout', () => {
  it('is what npx runs there, without asking a registry', () => {
    const said = spawnSync('npx', ['--no', '--', 'engine-backup-shim', '--version'], {
      cwd: checkout,
      encoding: 'utf8',
    });
    expect(said).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^engine-backup-shim \d/),
    });
  });

  it('installs the bundle, which needs no checkout', () => {
    const root = mkdtempSync(join(tmpdir(), 'shim-root-'));
    const broker = ['--broker-url', 'amqp://127.0.0.1:1', '--broker-user', 'u'];
    const options = ['--fqdn', 'engine.example.com', '--no-connection-test', '--root', root];
    const { status } = spawnSync(command, ['install', ...broker, ...options]);
    const installed = readFileSync(join(root, 'usr/bin/engine-backup-shim'), 'utf8');
    rmSync(root, { recursive: true });
    expect(status).toBe(0);
    expect(installed).toBe(readFileSync(PROGRAM, 'utf8'));
  });

  it('says in one line what to run before it is built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shim-'));
    const copy = join(folder, 'bin', 'engine-backup-shim.js');
    cpSync(command, copy);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const { status, stderr } = spawnSync(process.execPath, [copy], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^engine-backup-shim: not built yet[^\n]*npm run build, or npm start[^\n]*\n$/,
    );
  });
});
