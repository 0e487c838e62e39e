import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real dpkg on a root of its own, which has no package yet. */
export interface ScratchDpkg {
  readonly root: string;
  /** Fails where dpkg does. @returns what it and the package's scripts said, both outputs together */
  run(...args: readonly string[]): string;
  remove(): void;
}

/** The package's scripts run with the programs of this machine, and are told the root. */
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
        // A configuration is never taken from what happens to be in the environment of an upgrade.
        env: { PATH: process.env.PATH, BROKER_URL: 'amqp://elsewhere', FQDN: 'elsewhere' },
      });
      if (status !== 0) throw new Error(`dpkg ${args.join(' ')}: ${stdout}${stderr}`);
      return stdout + stderr;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The package once more as the version after it would be, with another text in its drop-in. @returns its path */
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
