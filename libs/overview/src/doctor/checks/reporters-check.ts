import { CLOCK_TOLERANCE_MS } from '@backup-awareness/freshness';
import { failed, ok, warning, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { Looks } from '../looks/looks.js';
import { lookAtReporters, type Reporting } from '../looks/reporters-look.js';
import { command, quoted } from '../remedy.js';
import { userNames } from './broker-checks.js';

/** A report is on its way for seconds; five minutes of delay, every time, have a reason. */
const DELAY_TO_WARN_MS = 5 * 60_000;

/** Each engine reports, as its own user, from a host whose clock is right. */
export async function checkReporters(looks: Looks): Promise<Observation[]> {
  const [reporting, users] = await Promise.all([
    looks.readDatabase(lookAtReporters),
    userNames(looks),
  ]);
  return [
    ...reporting.flatMap((one) => judgeReporting(one, users)),
    ok(fact('reporters_fine', { engines: reporting.length })),
  ];
}

/** @param users of the broker; undefined if unknown */
export function judgeReporting(
  reporting: Reporting,
  users: readonly string[] | undefined,
): Observation[] {
  return [...judgeUser(reporting, users), ...judgeHostClock(reporting), ...judgeSilence(reporting)];
}

function judgeUser(
  { fqdn, brokerUser, latestBy, reportedBy, hasReported }: Reporting,
  users: readonly string[] | undefined,
): Observation[] {
  const giveUser = (name: string) =>
    command(
      `backup-awareness engines add ${fqdn} --broker-user ${quoted(name)} --password-file ${fqdn}.password`,
    );
  if (brokerUser === null) {
    const [latest] = reportedBy;
    if (latest === undefined || reportedBy.length < 2) return [];
    return [warning(fact('engine_claimed', { fqdn, users: reportedBy }), giveUser(latest))];
  }
  if (users && !users.includes(brokerUser))
    return [failed(fact('reporter_missing', { fqdn, brokerUser }), giveUser(brokerUser))];
  if (!hasReported || reportedBy.length === 0 || latestBy === brokerUser) return [];
  return [
    warning(fact('reporter_differs', { fqdn, brokerUser, reportedBy: latestBy }), {
      kind: 'on_host',
      fqdn,
      command: 'engine-backup-shim install',
    }),
  ];
}

function judgeHostClock({ fqdn, aheadMs, delayMs }: Reporting): Observation[] {
  const remedy = { kind: 'set_host_clock', fqdn } as const;
  if (aheadMs !== null && aheadMs > CLOCK_TOLERANCE_MS)
    return [warning(fact('host_clock_ahead', { fqdn, aheadMs }), remedy)];
  return delayMs !== null && delayMs > DELAY_TO_WARN_MS
    ? [warning(fact('host_clock_behind', { fqdn, behindMs: delayMs }), remedy)]
    : [];
}

function judgeSilence({ fqdn, hasReported }: Reporting): Observation[] {
  if (hasReported) return [];
  return [
    warning(fact('never_reported', { fqdn }), {
      kind: 'on_host',
      fqdn,
      command: 'engine-backup-shim install',
    }),
  ];
}
