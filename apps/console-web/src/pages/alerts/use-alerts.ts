import { usePages } from '../../api/use-pages.js';
import type { Alert } from './alert.js';

/** Active alerts, or past ones, the newest first. */
export function useAlerts(active: boolean) {
  // until the document has it: pages of /alerts
  const { items, ...state } = usePages(
    '/alerts' as never,
    {
      query: { active: String(active) },
    } as never,
  );
  return { ...state, items: items as readonly Alert[] | undefined };
}
