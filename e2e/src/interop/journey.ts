import { hoursAgo, type Report, report } from '@backup-awareness/testing';
import {
  activeKinds,
  addEngine,
  clearedAlert,
  decisionOfAll,
  raisedAlert,
  stored,
} from '../alerts.js';
import { reportFigure, timed } from '../figures.js';
import type { Product } from '../product.js';

/** Publishes a report by a third-party program. */
export type PublishReport = (data: Report) => Promise<void>;

/**
 * Tries the alerts of engines that report by `publish` alone: no backup, half of one, full ones of 48, 25 and 23 hours ago, and
 * one of the year 2099.
 */
export async function goThroughJourney(
  product: Product,
  fqdn: string,
  publish: PublishReport,
): Promise<void> {
  const full = async (host: string, hours: number) => {
    for (const scope of ['db', 'files'])
      await publish(report({ fqdn: host, scope, done_at: hoursAgo(hours) }));
  };
  const missing = await addEngine(product, fqdn);
  await publish(report({ fqdn, scope: 'files' }));
  await stored(product, fqdn, 1);
  await decisionOfAll(product);
  expect(await activeKinds(product, fqdn)).toEqual(['ENGINE_NO_FULL_BACKUP']);

  const tookMs = await timed(async () => {
    await publish(report({ fqdn, scope: 'db' }));
    expect((await clearedAlert(product, missing)).cleared.reason).toBe('full_backup');
  });
  reportFigure('from starting the program to the cleared alert in the audit log', [tookMs]);
  expect(tookMs).toBeLessThan(5_000);

  const hosts = {
    old: `old.${fqdn}`,
    day: `25h.${fqdn}`,
    fresh: `23h.${fqdn}`,
    future: `2099.${fqdn}`,
  };
  await full(hosts.old, 48);
  await full(hosts.day, 25);
  await full(hosts.fresh, 23);
  for (const status of [0, -1] as const)
    await publish(report({ fqdn: hosts.future, status, done_at: '2099-01-01T00:00:00Z' }));
  for (const scope of ['db', 'grafanadb'])
    await publish(report({ fqdn: hosts.future, scope, done_at: '2099-01-01T00:00:00Z' }));
  await stored(product, hosts.future, 4);
  await decisionOfAll(product);
  expect(await activeKinds(product, hosts.old)).toEqual(['ENGINE_NO_WARM_BACKUP']);
  expect(await activeKinds(product, hosts.day)).toEqual(['ENGINE_NO_WARM_BACKUP']);
  expect(await activeKinds(product, hosts.fresh)).toEqual([]);
  expect(await activeKinds(product, hosts.future)).toEqual(['ENGINE_NO_FULL_BACKUP']);

  const tooOld = await raisedAlert(product, hosts.old);
  await full(hosts.old, 0);
  await clearedAlert(product, tooOld);
}
