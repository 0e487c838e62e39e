import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answerOptions, type Answer, type Parameters } from './use-answer.js';

type Path = globalThis.Parameters<typeof answerOptions>[0];

/** The paths whose answers come page by page. */
export type Paged = {
  [One in Path]: Answer<One> extends { items: unknown[]; next_cursor: string | null } ? One : never;
}[Path];

/** An item of the list that `GET path` answers. */
export type ItemOf<One extends Paged> =
  Answer<One> extends { items: (infer Item)[] } ? Item : never;

/** A list as far as it was asked for; the next page comes by `fetchNextPage`. */
export function usePages<One extends Paged>(
  path: One,
  { query, ...rest }: Parameters<One> = {},
  options: {
    /** What is known stays as it is, also when live events come: for lists that only grow. */
    readonly isLasting?: boolean;
    readonly enabled?: boolean;
  } = {},
) {
  const { isLasting = false, enabled = true } = options;
  const ask = async (cursor: string | undefined, signal: AbortSignal) => {
    const asked = { ...rest, query: { ...(query as object), ...(cursor && { cursor }) } };
    const { queryFn } = answerOptions(path, asked as Parameters<One>);
    return (queryFn as unknown as (context: { signal: AbortSignal }) => Promise<Page<ItemOf<One>>>)(
      {
        signal,
      },
    );
  };
  const { data, ...state } = useInfiniteQuery({
    queryKey: [isLasting ? `lasting ${path}` : path, 'pages', query, rest],
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<ItemOf<One>>) => page.next_cursor ?? undefined,
    enabled,
    ...(isLasting && { staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false }),
  });
  const items = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  return { ...state, items };
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}
