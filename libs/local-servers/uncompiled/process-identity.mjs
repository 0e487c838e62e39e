import { readFileSync } from 'node:fs';

/**
 * Which process `pid` is at this moment. A number alone may belong to another process later; its start time tells them
 * apart, and the boot's id tells it from one of an earlier boot. Undefined when there is none, or only its zombie.
 */
export function identifyProcess(pid) {
  const fields = readStat(pid);
  if (!fields || fields.state === 'Z' || fields.state === 'X') return undefined;
  return { pid, startTime: fields.startTime, bootId: bootId() };
}

/** Whether the very process that was identified still runs. */
export function isRunning(identity) {
  const now = identifyProcess(identity.pid);
  return (
    now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId
  );
}

/** The parent's pid, or undefined when there is no such process. */
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
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
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
