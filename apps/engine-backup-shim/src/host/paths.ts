import { join, resolve } from 'node:path';

/** The shim's paths on an engine host, below `root`. */
export interface HostPaths {
  readonly root: string;
  readonly configuration: string;
  readonly dropIn: string;
  readonly program: string;
  /** The shim's own folder, owned by root, mode 0700. Contains all of the following. */
  readonly state: string;
  readonly spool: string;
  readonly refused: string;
  /** The last answer about excluded tables. */
  readonly settings: string;
  /** What `install` has created. */
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
