import { usePages } from '../../api/use-pages.js';

/** Active alerts, or past ones, the newest first. */
export function useAlerts(active: boolean) {
  return usePages('/alerts', { query: { active: active ? 'true' : 'false' } });
}
