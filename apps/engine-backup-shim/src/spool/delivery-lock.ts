import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../failure.js';

const CLAIM = /^delivery\.(\d+)\.(\d+)\.([0-9a-f]+)$/;
const ATTEMPTS = 3;

/**
 * The right to deliver, which one process of this host has at most, until it gives it back or ends, in whatever way.
 *
 * Each puts down a claim under a name that is its own process's for ever, and only then looks for others: of two that come at once
 * at least one sees the other and steps back. So a claim of a dead process can be removed by anybody, and none breaks another's.
 *
 * @returns how to give it back, or undefined while another process has it
 */
export async function takeDeliveryLock(folder: string): Promise<(() => void) | undefined> {
  const mine = claimOf(process.pid);
  if (mine === undefined) throw new Error('there is no /proc to tell processes apart by');
  const path = join(folder, mine);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    writeFileSync(path, '', { mode: 0o600 });
    const others = readdirSync(folder).filter((name) => CLAIM.test(name) && name !== mine);
    if (!others.some((name) => isHeld(folder, name))) return () => removeClaim(path);
    removeClaim(path);
    await sleep(5 + Math.random() * 20);
  }
  return undefined;
}

function isHeld(folder: string, claim: string): boolean {
  const pid = Number(CLAIM.exec(claim)![1]);
  if (claimOf(pid) === claim) return true;
  removeClaim(join(folder, claim));
  return false;
}

function removeClaim(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** A number alone may be another process's later: its start tells them apart, and the boot's id one of an earlier boot. Undefined for none. */
function claimOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').replaceAll('-', '').trim();
  return `delivery.${pid}.${startedAt}.${boot.slice(0, 12)}`;
}
