import { readFileSync, readdirSync } from 'node:fs';
// By path: in a bare clone no package is found by its name.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { parentOf } from '../../libs/local-servers/uncompiled/process-identity.mjs';

/**
 * The processes, of any user, that run a compiled program from one of these folders, by their command lines.
 *
 * @param {string[]} folders absolute paths
 * @returns {{ pid: number, parentPid: number | undefined, program: string }[]}
 */
export function runningPrograms(folders) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const program = commandLine(name).find((text) =>
        folders.some((folder) => text.startsWith(`${folder}/`)),
      );
      if (program === undefined) return [];
      return [{ pid: Number(name), parentPid: parentOf(Number(name)), program }];
    });
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended.
    return [];
  }
}
