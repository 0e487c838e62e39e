import { setTimeout as sleep } from 'node:timers/promises';
import { engineSource } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import { SERVICES, type Installation, type ServiceName } from '../installation/installation.js';
import { plannedMessage } from '../load/plan-message.js';
import type { TroubleContext } from './trouble.js';

/** After this time the product counts as not recovered. */
const PATIENCE_MS = 120_000;

/**
 * The time from now until every service is ready, and a report made since now is confirmed, stored and audited, in ms.
 *
 * @throws where that takes longer than two minutes
 */
export async function recovered({
  installation,
  load,
}: Pick<TroubleContext, 'installation' | 'load'>): Promise<number> {
  const startedAtMs = performance.now();
  const { length: first } = load.spool().madeAt;
  await allReady(installation);
  await eventually(() => isKept(installation, load, first), PATIENCE_MS);
  return performance.now() - startedAtMs;
}

export async function allReady(installation: Installation): Promise<void> {
  await eventually(
    () => Promise.all(SERVICES.map((name) => installation.ready(name))),
    PATIENCE_MS,
  );
}

/** @throws while this process exists */
export function gone(pid: number): void {
  try {
    process.kill(pid, 0);
  } catch {
    return;
  }
  throw new Error(`process ${pid} has not ended yet`);
}

/** Waits until this service is ready under another pid. */
export async function restarted(
  installation: Installation,
  name: ServiceName,
  oldPid: number,
): Promise<void> {
  await eventually(async () => {
    if (installation.pidOf(name) === oldPid) throw new Error(`${name} is still process ${oldPid}`);
    await installation.ready(name);
  }, PATIENCE_MS);
}

/** Resolves if the latest confirmed report since `first` is stored; the latest, because earlier ones may be sent again after it. */
async function isKept(
  { owner }: Installation,
  { plan, spool }: TroubleContext['load'],
  first: number,
): Promise<void> {
  const { madeAt, confirmed } = spool();
  const number = madeAt.findLastIndex((_, i) => i >= first && confirmed.has(i));
  if (number < 0) throw new Error('no report is confirmed');
  const { fqdn, eventId } = rowOf(plan, number, madeAt);
  const until = performance.now() + 2_000;
  for (;;) {
    const [kept]: { logged: boolean; audited: boolean }[] = await owner.query(
      `SELECT EXISTS (SELECT FROM engine_backup_log WHERE fqdn = $1 AND event_id = $2) AS logged,
         EXISTS (SELECT FROM audit_log WHERE origin = $3 AND event_id = $2) AS audited`,
      [fqdn, eventId, engineSource(fqdn)],
    );
    if (kept?.logged && kept.audited) return;
    if (performance.now() > until)
      throw new Error(`report ${number} is confirmed, and ${JSON.stringify(kept)}`);
    await sleep(50);
  }
}

function rowOf(
  plan: TroubleContext['load']['plan'],
  number: number,
  madeAt: readonly number[],
): { fqdn: string; eventId: string } {
  const { row } = plannedMessage(plan, number, madeAt);
  if (!row) throw new Error(`message ${number} is no report`);
  return { fqdn: row.report.fqdn, eventId: row.eventId };
}
