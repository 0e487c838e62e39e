import type { Alert } from './alert.js';

const OF_FRESHNESS: readonly string[] = ['ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP'];

/** How many engines are at risk whose alert the next check raises, such as those that have registered by themselves. @param active all active alerts */
export function alertsToCome(
  atRisk: number,
  active: readonly Pick<Alert, 'fqdn' | 'alert'>[],
): number {
  const raised = active.filter(({ alert }) => OF_FRESHNESS.includes(alert));
  return Math.max(0, atRisk - new Set(raised.map(({ fqdn }) => fqdn)).size);
}
