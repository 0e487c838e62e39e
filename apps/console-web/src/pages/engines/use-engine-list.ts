import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import type { Answer } from '../../api/use-answer.js';
import { useWallAnswer } from '../../parts/wall/use-wall-answer.js';
import { countChanges, presentOf, type Item, type Present } from './changes.js';
import { queryOf, type Filter } from './filter.js';
import { useMemo } from 'react';

const PAGE = '500';

export interface EngineList {
  readonly items: readonly Item[] | undefined;
  readonly total: number;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly fetchMore: () => void;
  /** How each engine stands now; undefined until it is known. */
  readonly present: Present | undefined;
  /** Whether that may be believed. */
  readonly isKnown: boolean;
  /** How many engines a new list would show otherwise. */
  readonly changes: number;
  /** Fetches a new list. */
  readonly renew: () => void;
}

/** Engines page by page, in an order that stays until a new list is asked for. */
export function useEngineList(filter: Filter): EngineList {
  const query = queryOf(filter);
  const queryClient = useQueryClient();
  // Not by the API's path: live events would fetch it again, and move the rows.
  const queryKey = ['list of engines', query];
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const page = { ...query, limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      const { data: answer } = await api.GET('/engines', { params: { query: page }, signal });
      return answer as Answer<'/engines'>;
    },
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { engines, isKnown } = useWallAnswer();
  const present = useMemo(() => presentOf(engines), [engines]);
  const items = useMemo(() => data && withoutDoubles(data.pages), [data]);
  const total = data?.pages.at(-1)?.total ?? 0;
  const changes = useMemo(
    () => (items ? countChanges(items, total, present, filter) : 0),
    [items, total, present, filter],
  );
  return {
    items,
    total,
    error,
    hasMore: hasNextPage,
    isFetchingMore: isFetchingNextPage,
    fetchMore: () => void fetchNextPage(),
    present,
    isKnown,
    changes,
    renew: () => void queryClient.resetQueries({ queryKey }),
  };
}

/** An engine that changes between two pages may come in both. */
function withoutDoubles(pages: readonly Answer<'/engines'>[]): Item[] {
  const items = new Map<string, Item>();
  for (const page of pages)
    for (const item of page.items) if (!items.has(item.fqdn)) items.set(item.fqdn, item);
  return [...items.values()];
}
