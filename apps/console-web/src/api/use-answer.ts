import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api } from './client.js';
import type { paths } from './schema.js';

type Gets = {
  [Path in keyof paths]: paths[Path] extends { get: { responses: unknown } } ? Path : never;
}[keyof paths];

type Operation<Path extends Gets> = paths[Path] extends { get: infer Get } ? Get : never;

/** What `GET path` answers. */
export type Answer<Path extends Gets> =
  Operation<Path> extends {
    responses: { 200: { content: { 'application/json': infer Content } } };
  }
    ? Content
    : never;

type Part<Path extends Gets, Name extends 'path' | 'query'> =
  Operation<Path> extends { parameters: infer Parameters }
    ? Name extends keyof Parameters
      ? Parameters[Name]
      : never
    : never;

/** The parameters of `GET path`. */
export interface Parameters<Path extends Gets> {
  readonly path?: Part<Path, 'path'>;
  readonly query?: Part<Path, 'query'>;
}

/** How the query client knows an answer; the first part is what live events make stale. */
export function answerOptions<Path extends Gets>(path: Path, parameters: Parameters<Path> = {}) {
  return queryOptions<Answer<Path>>({
    queryKey: [path, parameters],
    queryFn: async ({ signal }) => {
      const get = api.GET as (path: string, init: object) => Promise<{ data?: unknown }>;
      const { data } = await get(path, { params: parameters, signal });
      return data as Answer<Path>;
    },
  });
}

/** The answer of `GET path`, kept up to date while it is shown. */
export function useAnswer<Path extends Gets>(
  path: Path,
  parameters: Parameters<Path> = {},
  options: {
    readonly enabled?: boolean;
    readonly refetchInterval?: number;
    readonly refetchIntervalInBackground?: boolean;
    /** Shows the former answer until that for the new parameters has come. */
    readonly keepsFormer?: boolean;
  } = {},
): UseQueryResult<Answer<Path>> {
  const { keepsFormer, ...rest } = options;
  return useQuery({
    ...answerOptions(path, parameters),
    ...rest,
    ...(keepsFormer === true && {
      placeholderData: (former: Answer<Path> | undefined) => former as never,
    }),
  });
}
