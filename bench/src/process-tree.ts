import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used and hold. */
export interface Usage {
  readonly pid: number;
  /** The program's name, as the kernel shows it. */
  readonly name: string;
  /** Processor time since its start in milliseconds, in steps of 10; of descendants that ended, too. */
  readonly cpuMs: number;
  /** Memory in MiB; what several processes share is divided between them (PSS). */
  readonly pssMib: number;
}

/** The process itself, without its descendants, and then each of its children with all of theirs. */
export function usageOf(pid: number): readonly Usage[] {
  const processes = readProcesses();
  const root = processes.find((one) => one.pid === pid);
  if (root === undefined) throw new Error(`expected a running process ${pid}, got none`);
  const withDescendants = (one: Process): Process[] => [
    one,
    ...processes.filter(({ parentPid }) => parentPid === one.pid).flatMap(withDescendants),
  ];
  const children = processes.filter(({ parentPid }) => parentPid === pid);
  return [summed([root]), ...children.map((child) => summed(withDescendants(child)))];
}

interface Process {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number;
  readonly cpuMs: number;
}

/** Linux counts in hundredths of a second for programs, whatever it does inside. */
const MS_PER_TICK = 10;

function readProcesses(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const stat = readOrNothing(`/proc/${pid}/stat`);
    // The program's name, in parentheses, may itself have spaces and parentheses.
    const [, name, rest] = /^\d+ \((.*)\) (.*)/s.exec(stat) ?? [];
    if (name === undefined || rest === undefined) return [];
    const [, parentPid, ...fields] = rest.split(' ').map(Number);
    // utime, stime, and the same of its children that have ended.
    const ticks = fields.slice(9, 13).reduce((sum, one) => sum + one, 0);
    return [{ pid: Number(pid), name, parentPid: parentPid!, cpuMs: ticks * MS_PER_TICK }];
  });
}

function summed(processes: readonly Process[]): Usage {
  const [{ pid, name }] = processes as [Process];
  return {
    pid,
    name,
    cpuMs: processes.reduce((sum, one) => sum + one.cpuMs, 0),
    pssMib: processes.reduce((sum, one) => sum + pssMib(one.pid), 0),
  };
}

function pssMib(pid: number): number {
  const [, kib = '0'] = /^Pss:\s+(\d+)/m.exec(readOrNothing(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kib) / 1_024;
}

/** A process may end at any time. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
