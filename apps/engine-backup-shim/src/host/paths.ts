import { join, resolve } from 'node:path';

/** Where everything of the shim lies on an engine host, below `root`. */
export interface HostPaths {
  readonly root: string;
  readonly configuration: string;
  readonly dropIn: string;
  readonly program: string;
  /** The shim's own folder, root's and 0700: all that follows lies in it. */
  readonly state: string;
  readonly spool: string;
  readonly refused: string;
  /** The last answer about tables to leave out. */
  readonly settings: string;
  /** What `install` has put where. */
  readonly manifest: string;
}

export function hostPaths(folder = '/'): HostPaths {
  const root = resolve(folder);
  const state = join(root, 'var/lib/ovirt-engine-backup-shim');
  return {
    root,
    configuration: join(root, 'etc/ovirt-engine-backup/backup-awareness.conf'),
    dropIn: join(root, 'etc/ovirt-engine-backup/engine-backup-config.d/50-backup-awareness.sh'),
    program: join(root, 'usr/bin/engine-backup-shim'),
    state,
    spool: join(state, 'spool'),
    refused: join(state, 'spool/refused'),
    settings: join(state, 'settings.json'),
    manifest: join(state, 'manifest.json'),
  };
}
