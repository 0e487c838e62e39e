import { spawnSync } from 'node:child_process';
import { StartFailure } from '../output/start-failure.js';

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The system user `postgres`, created where there is none: PostgreSQL refuses to run as root. */
export function postgresUser(): SystemUser {
  const user = findUser('postgres');
  if (user) return user;
  const { status, stderr } = spawnSync(
    'useradd',
    [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ],
    { encoding: 'utf8' },
  );
  // Another start may have created it at the same moment.
  const created = findUser('postgres');
  if (!created) {
    throw new StartFailure(
      `PostgreSQL does not run as root, and the user postgres cannot be created (${(stderr ?? `useradd: ${status}`).trim()}): create that user, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return created;
}

function findUser(name: string): SystemUser | undefined {
  const id = (option: string): number => {
    const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : NaN;
  };
  const uid = id('-u');
  const gid = id('-g');
  return Number.isInteger(uid) && Number.isInteger(gid) ? { name, uid, gid } : undefined;
}
