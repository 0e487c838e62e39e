import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import type { components } from '../../api/schema.js';

export type ListedReport = components['schemas']['Report'];

export interface EngineReports {
  readonly reports: ListedReport[];
  /** Whether older ones are left out. */
  readonly isCut: boolean;
}

/** What a page of an engine can show; of a host that reports more in the time asked for, the older reports are left out. */
const PAGES_AT_MOST = 5;
const PATH = '/engines/{fqdn}/reports';

/** The reports of an engine from an instant to another (not included), the newest first. */
export function useEngineReports(fqdn: string, from: string, to: string | undefined) {
  return useQuery<EngineReports>({
    queryKey: [PATH, { path: { fqdn }, query: { from, to } }],
    placeholderData: (former) => former,
    queryFn: async ({ signal }) => {
      const reports: ListedReport[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES_AT_MOST; page++) {
        const query = { from, limit: '1000', ...(to && { to }), ...(cursor && { cursor }) };
        const { data } = await api.GET(PATH, { params: { path: { fqdn }, query }, signal });
        reports.push(...data!.items);
        if (data!.next_cursor === null) return { reports, isCut: false };
        cursor = data!.next_cursor;
      }
      return { reports, isCut: true };
    },
  });
}
