import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../package.mjs', import.meta.url));
const FILES = [
  '/usr/bin/engine-backup-shim',
  '/usr/share/doc/backup-awareness-engine-host/copyright',
  '/usr/share/doc/backup-awareness-engine-host/engine-hosts.md',
  '/usr/share/man/man8/engine-backup-shim.8.gz',
];

describe('npm run package', () => {
  let folder: string;
  let tarball: string;
  let deb: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packages-'));
    execFileSync(process.execPath, [PACKAGE, folder]);
    [tarball, deb] = readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)) as [string, string];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The files of a listing, each at the end of its line. */
  const filesOf = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.replace(/^.*\s\.?\/?(?=usr)/, '/'))
      .filter((name) => name.startsWith('/usr') && !name.endsWith('/'))
      .sort();

  it('makes a tarball of these files, all owned by root', () => {
    expect(filesOf('tar', '-tvzf', tarball)).toEqual(FILES);
    expect(execFileSync('tar', ['-tvzf', tarball], { encoding: 'utf8' })).not.toMatch(
      /^.{10} (?!0\/0)/m,
    );
  });

  it('makes a .deb of the same files, for every architecture, that depends on Node', () => {
    expect(filesOf('dpkg-deb', '--contents', deb)).toEqual(FILES);
    const field = (name: string) =>
      execFileSync('dpkg-deb', ['--field', deb, name], { encoding: 'utf8' }).trim();
    expect(field('Architecture')).toBe('all');
    expect(field('Depends')).toBe('nodejs (>= 18.3)');
  });

  it('makes a program that runs where it is unpacked', () => {
    execFileSync('tar', ['-C', folder, '-xzf', tarball]);
    const program = join(folder, 'usr/bin/engine-backup-shim');
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toMatch(
      /^engine-backup-shim \d/,
    );
  });
});
