import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../failure.js';

const CLAIM = /^delivery\.(\d+)\.(\d+)\.([0-9a-f]+)$/;
const ATTEMPTS = 3;

/**
 * The lock for delivery, held by at most one process of this host, until it releases it or ends in any way.
 *
 * Each process writes a claim whose name identifies it for ever, and only then looks for others: of two at the same time, at least one
 * sees the other and backs off. So anybody can remove the claim of a dead process, and nobody breaks another's lock.
 *
 * @returns a function that releases it, or undefined if another process holds it
 */
export async function takeDeliveryLock(folder: string): Promise<(() => void) | undefined> {
  const mine = claimOf(process.pid);
  if (mine === undefined)
    throw new Error('/proc is not mounted, so processes cannot be identified');
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

/** A pid may be reused: the start time and the boot id make the claim unique. Undefined if there is no such process. */
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
