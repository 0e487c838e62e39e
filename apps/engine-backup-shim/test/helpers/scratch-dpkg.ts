import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real dpkg on an empty root. */
export interface ScratchDpkg {
  readonly root: string;
  /** Fails if dpkg does. @returns its output and that of the package's scripts, stdout and stderr together */
  run(...args: readonly string[]): string;
  remove(): void;
}

/** The package's scripts run with the programs of this machine, and get the root in DPKG_ROOT. */
const OPTIONS = '--force-script-chrootless,not-root,depends';

export function createScratchDpkg(): ScratchDpkg {
  const root = mkdtempSync(join(tmpdir(), 'dpkg-root-'));
  for (const folder of ['info', 'updates'])
    mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true });
  for (const file of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', file), '');
  const places = [`--root=${root}`, `--log=${join(root, 'dpkg.log')}`];
  return {
    root,
    run: (...args) => {
      const { status, stdout, stderr } = spawnSync('dpkg', [...places, OPTIONS, ...args], {
        encoding: 'utf8',
        // An upgrade must not take settings from its environment.
        env: { PATH: process.env.PATH, BROKER_URL: 'amqp://elsewhere', FQDN: 'elsewhere' },
      });
      if (status !== 0) throw new Error(`dpkg ${args.join(' ')}: ${stdout}${stderr}`);
      return stdout + stderr;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Builds a newer version of the package, with a changed drop-in. @returns its path */
export function nextVersionOf(deb: string, version: string, marker: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'next-version-'));
  try {
    const next = `${deb}.next.deb`;
    execFileSync('dpkg-deb', ['--raw-extract', deb, folder]);
    replaceIn(join(folder, 'DEBIAN/control'), /^Version: .*$/m, `Version: ${version}`);
    replaceIn(join(folder, 'usr/bin/engine-backup-shim'), '# shellcheck shell=sh', marker);
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', folder, next]);
    return next;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function replaceIn(file: string, pattern: string | RegExp, replacement: string): void {
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(pattern, replacement);
  if (changed === text) throw new Error(`${file} has no ${String(pattern)}`);
  writeFileSync(file, changed);
}
