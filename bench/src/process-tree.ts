import { readdirSync, readFileSync } from 'node:fs';

/** What a process, or a process with all its descendants, has used and holds. */
export interface Usage {
  readonly pid: number;
  /** The program's name, as the kernel shows it. */
  readonly name: string;
  /** Processor time since its start in milliseconds, in steps of 10; of children that ended, too. */
  readonly cpuMs: number;
  /** Memory of its own in MiB; what several processes share is divided between them. Program files are not in it. */
  readonly memoryMib: number;
}

export interface TreeUsage {
  /** The process itself, without its descendants, and then each of its children with all of theirs. */
  readonly parts: readonly Usage[];
  /** What all of them hold of program files in MiB, each file once, as if nobody else on the machine used it. */
  readonly filesMib: number;
}

/** @throws if there is no such process */
export function usageOf(pid: number): TreeUsage {
  const processes = readProcesses();
  const root = processes.find((one) => one.pid === pid);
  if (root === undefined) throw new Error(`expected a running process ${pid}, got none`);
  const withDescendants = (one: Process): Process[] => [
    one,
    ...processes.filter(({ parentPid }) => parentPid === one.pid).flatMap(withDescendants),
  ];
  const children = processes.filter(({ parentPid }) => parentPid === pid);
  const parts = [[root], ...children.map(withDescendants)];
  return { parts: parts.map(summed), filesMib: filesMib(parts.flat()) };
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
    memoryMib: processes.reduce((sum, one) => sum + memoryMib(one), 0),
  };
}

function memoryMib({ pid }: Process): number {
  const rollup = readOrNothing(`/proc/${pid}/smaps_rollup`);
  return (kib(rollup, 'Pss') - kib(rollup, 'Pss_File')) / 1_024;
}

/** Of each file the most that one process holds: the others hold the same pages, or fewer. */
function filesMib(processes: readonly Process[]): number {
  const largest = new Map<string, number>();
  for (const { pid } of processes)
    for (const [path, held] of filesOf(pid))
      largest.set(path, Math.max(largest.get(path) ?? 0, held));
  return [...largest.values()].reduce((sum, one) => sum + one, 0) / 1_024;
}

/** The KiB that a process holds of each file, without the pages that it has changed. */
function filesOf(pid: number): Map<string, number> {
  const held = new Map<string, number>();
  // Each mapping begins with its addresses; a file's has its path at the end.
  for (const mapping of readOrNothing(`/proc/${pid}/smaps`).split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [, path] = /^\S+ \S+ \S+ \S+ [1-9]\d* +(\/.*)$/m.exec(mapping) ?? [];
    if (path === undefined || path.startsWith('/memfd:') || path.startsWith('/dev/')) continue;
    held.set(path, (held.get(path) ?? 0) + kib(mapping, 'Rss') - kib(mapping, 'Anonymous'));
  }
  return held;
}

const kib = (text: string, name: string): number =>
  Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);

/** A process may end at any time. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
