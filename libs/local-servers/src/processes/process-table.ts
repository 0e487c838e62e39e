import { dirname } from 'node:path';
import { isRunning, type ProcessIdentity } from '../../uncompiled/process-identity.mjs';
import { folderKey, replaceJson } from '../run-directory/replace-file.js';
import { readRunFile } from '../run-directory/run-files.js';

/** In the order in which they are stopped. */
export const PROCESS_KINDS = ['service', 'broker', 'epmd', 'database'] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  readonly kind: ProcessKind;
}

/** As in the file: with the folder in which the file was written. */
type Recorded = RecordedProcess & { readonly folder?: string };

/** The processes that were started and have not been seen to end, on disk, so that after a crash of ours the next start can stop them. */
export interface ProcessTable {
  add(process: RecordedProcess): void;
  /** Never throws: a stale record does no harm, and the caller has others to stop. */
  remove(identity: ProcessIdentity): void;
  /** Those that still run, matched by pid and start time. */
  running(): RecordedProcess[];
}

export function openProcessTable(
  path: string,
  say: (line: string) => void = () => undefined,
): ProcessTable {
  const folder = folderKey(dirname(path));
  let processes = read(path, folder, say).filter(isRunning);
  const write = (): void =>
    replaceJson(
      path,
      processes.map((one) => ({ ...one, folder })),
    );
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

/** In a copy of a run directory, the processes belong to the original and are left out. */
function read(
  path: string,
  folder: string | undefined,
  say: (line: string) => void,
): RecordedProcess[] {
  const content = readRunFile(path, isList);
  if (content === undefined) return [];
  if ('got' in content) {
    // It is always replaced as a whole, so this was not us. Broker and database are also found by their own pid files.
    say(
      `${path}: expected a list of processes, got ${content.got}; a service that the last start left running will not be stopped.`,
    );
    return [];
  }
  return content.value
    .filter((one) => one.folder === undefined || one.folder === folder)
    .map(({ folder: _, ...process }) => process);
}

function isList(value: unknown): value is Recorded[] {
  return (
    Array.isArray(value) && value.every((one) => typeof (one as Recorded | null)?.pid === 'number')
  );
}
