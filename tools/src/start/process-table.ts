import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isRunning, type ProcessIdentity } from '../../setup/process-identity.mjs';

/** In the order in which they are stopped. */
export const PROCESS_KINDS = ['service', 'broker', 'epmd', 'database'] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  readonly kind: ProcessKind;
}

/** What was started and not yet seen to end, on disk, so that whoever comes after a crash of ours can stop it. */
export interface ProcessTable {
  add(process: RecordedProcess): void;
  /** Never throws: one that has ended and is still recorded does no harm, and whoever calls has others to see to. */
  remove(identity: ProcessIdentity): void;
  /** Those that still run, matched by pid and start time. */
  running(): RecordedProcess[];
}

export function openProcessTable(path: string): ProcessTable {
  let processes = read(path).filter(isRunning);
  const write = (): void => {
    const aside = `${path}.new`;
    writeFileSync(aside, `${JSON.stringify(processes, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(aside, path);
  };
  return {
    add(process) {
      processes.push(process);
      write();
    },
    remove({ pid, startTime }) {
      processes = processes.filter((one) => one.pid !== pid || one.startTime !== startTime);
      try {
        write();
      } catch {
        // The disk is full, or the folder is gone.
      }
    },
    running: () => processes.filter(isRunning),
  };
}

function read(path: string): RecordedProcess[] {
  if (!existsSync(path)) return [];
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RecordedProcess[];
  } catch {
    // It is always replaced as a whole, so this was not us; there is nothing in it to trust.
    return [];
  }
}
