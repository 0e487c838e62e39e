import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(
  new URL('../../../../deploy/engine-host/package.mjs', import.meta.url),
);
const FILES = [
  '/usr/bin/engine-backup-shim',
  '/usr/share/doc/backup-awareness-engine-host/copyright',
  '/usr/share/doc/backup-awareness-engine-host/engine-hosts.md',
  '/usr/share/man/man8/engine-backup-shim.8.gz',
];

describe('npm run package', () => {
  let folder: string;
  let rpm: string;
  let tarball: string;
  let deb: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packages-'));
    execFileSync(process.execPath, [PACKAGE, folder]);
    [rpm, tarball, deb] = readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)) as [string, string, string];
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

  it('makes an .rpm of the same files, all owned by root, for every architecture, that depends on Node', () => {
    const query = (format: string) =>
      execFileSync('rpm', ['-qp', '--queryformat', format, rpm], { encoding: 'utf8' });
    const files = query('[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES}\n]').trim().split('\n');
    expect(files).toEqual([
      '-rwxr-xr-x root /usr/bin/engine-backup-shim',
      'drwxr-xr-x root /usr/share/doc/backup-awareness-engine-host',
      ...FILES.slice(1).map((path) => `-rw-r--r-- root ${path}`),
    ]);
    expect(query('%{ARCH}')).toBe('noarch');
    expect(execFileSync('rpm', ['-qp', '--requires', rpm], { encoding: 'utf8' })).toContain(
      'nodejs >= 1:18.3\n',
    );
  });

  describe('makes an .rpm', () => {
    /** Runs a scriptlet with another program in place of the shim, with the number of versions that rpm leaves installed. */
    const runScriptlet = (tag: string, installed: number, program: string) => {
      const query = ['-qp', '--queryformat', `%{${tag}}`, rpm];
      const text = execFileSync('rpm', query, { encoding: 'utf8' });
      const { status, stdout } = spawnSync(
        'sh',
        ['-c', text.replaceAll('/usr/bin/engine-backup-shim', program), 'sh', String(installed)],
        { encoding: 'utf8' },
      );
      return { status, calls: stdout.trim() };
    };

    it('that updates the files of a host in an upgrade, and removes them only with the package', () => {
      expect(runScriptlet('POSTIN', 2, 'echo').calls).toBe('install --renew');
      expect(runScriptlet('PREUN', 1, 'echo').calls).toBe('');
      expect(runScriptlet('PREUN', 0, 'echo').calls).toBe('uninstall');
    });

    it('whose scriptlets never make an upgrade or a removal fail', () => {
      expect(runScriptlet('POSTIN', 2, 'false').status).toBe(0);
      expect(runScriptlet('PREUN', 0, 'false').status).toBe(0);
      expect(runScriptlet('POSTUN', 0, 'false').status).toBe(0);
    });
  });

  it('makes a program that runs where it is unpacked', () => {
    execFileSync('tar', ['-C', folder, '-xzf', tarball]);
    const program = join(folder, 'usr/bin/engine-backup-shim');
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toMatch(
      /^engine-backup-shim \d/,
    );
  });
});
