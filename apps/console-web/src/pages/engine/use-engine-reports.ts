import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';

// until the document has it
export interface ListedReport {
  readonly event_id: string;
  readonly run_id: string | null;
  readonly scope: string;
  readonly status: 'completed' | 'failed' | 'started';
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly duration_seconds: number | null;
  readonly done_at: string;
  readonly received_at: string;
  readonly counted_at: string;
  readonly counted_by: 'done_at' | 'received_at' | 'sender_clock';
  readonly reported_by: string | null;
  readonly log_path: string;
  readonly output_message: string;
}
interface ReportsPage {
  readonly items: readonly ListedReport[];
  readonly next_cursor: string | null;
}

export interface EngineReports {
  readonly reports: ListedReport[];
  /** Whether older ones are left out. */
  readonly isCut: boolean;
}

/** What a page of an engine can show; a host that reports more in the time asked for has its older reports left out. */
const PAGES_AT_MOST = 5;
const PATH = '/engines/{fqdn}/reports';

/** The reports of an engine from an instant to another (not included), the newest first. */
export function useEngineReports(fqdn: string, from: string, to: string | undefined) {
  return useQuery<EngineReports>({
    queryKey: [PATH, { path: { fqdn }, query: { from, to } }],
    placeholderData: (former) => former,
    queryFn: async ({ signal }) => {
      const get = api.GET as (path: string, init: object) => Promise<{ data?: unknown }>;
      const reports: ListedReport[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES_AT_MOST; page++) {
        const query = { from, to, limit: '1000', cursor };
        const { data } = await get(PATH, { params: { path: { fqdn }, query }, signal });
        const { items, next_cursor: next } = data as ReportsPage;
        reports.push(...items);
        if (next === null) return { reports, isCut: false };
        cursor = next;
      }
      return { reports, isCut: true };
    },
  });
}
