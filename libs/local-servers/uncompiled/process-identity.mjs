import { readFileSync } from 'node:fs';

/**
 * The identity of the process that has this pid now. Another process may get the pid later: the start time tells them apart,
 * and the boot's id tells them from one of an earlier boot. Undefined where there is none, or only a zombie.
 */
export function identifyProcess(pid) {
  const fields = readStat(pid);
  if (!fields || fields.state === 'Z' || fields.state === 'X') return undefined;
  return { pid, startTime: fields.startTime, bootId: bootId() };
}

/** Whether this very process still runs. */
export function isRunning(identity) {
  const now = identifyProcess(identity.pid);
  return (
    now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId
  );
}

/** The parent's pid; undefined where there is no such process. */
export function parentOf(pid) {
  return readStat(pid)?.parentPid;
}

function readStat(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses, which may itself have spaces and parentheses.
  const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: rest[0], parentPid: Number(rest[1]), startTime: rest[19] };
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
